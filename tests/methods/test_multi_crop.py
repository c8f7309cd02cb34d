"""Small crops: how large, what passes the network together, and who is compared with whom."""

import pytest
import torch
from torch import Tensor, nn

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.base import SmallCrops
from engine.methods.heads import held
from engine.methods.multi_crop import cross_entropy_across_views, every_view


@pytest.mark.parametrize(("size", "side"), [(16, 16), (27, 16), (32, 16), (48, 24), (64, 32), (128, 64)])
def test_crops_have_about_half_the_side_and_no_less_than_the_encoder_sees(size: int, side: int) -> None:
    swav = build_method("swav", build_encoder("nano", {}), {"crops": 4, "crop_smallest": 0.4, "crop_largest": 0.1})
    assert swav.small_crops(size) == SmallCrops(4, side, 0.1, 0.4)


def test_no_crops_are_asked_for_where_their_number_is_0() -> None:
    assert build_method("swav", build_encoder("nano", {}), {"crops": 0}).small_crops(32) is None


def test_the_encoder_sees_one_size_at_a_time_and_the_head_all() -> None:
    class Mean(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            sizes.append(images.shape[-1])
            return images.mean(dim=(2, 3))

    sizes: list[int] = []
    views, crops = torch.randn(2, 5, 3, 8, 8), torch.randn(3, 5, 3, 4, 4)
    seen = every_view(Mean(), nn.Identity(), Batch(views, torch.arange(5).repeat(2, 1), crops=crops))
    assert sizes == [8, 4]
    torch.testing.assert_close(seen, torch.cat([views.mean(dim=(3, 4)), crops.mean(dim=(3, 4))]))


def test_each_view_is_compared_with_all_others_but_not_with_itself() -> None:
    first, second = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    logits = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
    logs = logits.log_softmax(dim=1)
    expected = -(logs[1, 0] + logs[2, 0] + logs[0, 1] + logs[2, 1]) / 4
    found = cross_entropy_across_views(torch.stack([first, second])[:, None], logits[:, None])
    torch.testing.assert_close(found, expected[None])


def test_what_is_held_is_the_same_and_gets_a_gradient_of_zero() -> None:
    weight = torch.randn(3, 2, requires_grad=True)
    kept = held(weight, still=True)
    (kept**2).sum().backward()
    assert torch.equal(kept, weight) and held(weight, still=False) is weight
    assert weight.grad is not None and not weight.grad.any()
