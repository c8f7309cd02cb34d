"""The nano ViT: its blocks against torch's own, patches that are left out, and where it looks."""

import pytest
import torch
from lightly.models.utils import get_2d_sincos_pos_embed, patchify
from torch import nn

from engine.encoders import build_encoder
from engine.encoders.nano_vit import Block, NanoViT, patches_of, positions_of
from engine.errors import SettingInvalid

SMALL = {"width": 24, "depth": 3, "heads": 2}


def small(**settings: int) -> NanoViT:
    encoder = build_encoder("nano_vit", {**SMALL, **settings}, seed=1).eval()
    assert isinstance(encoder, NanoViT)
    return encoder


def images(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_a_block_is_that_of_torch_with_the_norm_first() -> None:
    mine = Block(24, 3).eval()
    theirs = nn.TransformerEncoderLayer(24, 3, 96, 0.0, "gelu", 1e-6, batch_first=True, norm_first=True).eval()
    names = {
        "norm1": "norm1",
        "norm2": "norm2",
        "self_attn.in_proj_": "look.",
        "self_attn.out_proj": "out",
        "linear1": "think.0",
        "linear2": "think.2",
    }
    weights = mine.state_dict()
    renamed = {}
    for key in theirs.state_dict():
        name = next(name for name in names if key.startswith(name))
        renamed[key] = weights[key.replace(name, names[name])]
    theirs.load_state_dict(renamed)
    tokens = images(2, 7, 24)
    torch.testing.assert_close(mine(tokens), theirs(tokens), atol=1e-5, rtol=1e-5)


def test_the_weights_of_a_block_are_what_its_attention_sums_by() -> None:
    block, tokens = Block(24, 3), images(2, 7, 24)
    queries, keys, values = block._split(tokens)
    summed = nn.functional.scaled_dot_product_attention(queries, keys, values)
    torch.testing.assert_close(block.weights(tokens) @ values, summed, atol=1e-5, rtol=1e-5)


def test_patches_and_positions_are_those_of_lightly() -> None:
    theirs = torch.from_numpy(get_2d_sincos_pos_embed(24, 5, cls_token=False)).float()
    torch.testing.assert_close(positions_of((5, 5), 24), theirs)
    mine = patches_of(images(2, 3, 8, 8), 4).unflatten(2, (3, 16)).transpose(2, 3).flatten(2)  # they put colour last
    assert torch.equal(mine, patchify(images(2, 3, 8, 8), 4))


@pytest.mark.parametrize(
    ("high", "wide", "grid"), [(16, 16, (4, 4)), (32, 32, (8, 8)), (20, 32, (5, 8)), (18, 35, (4, 8))]
)
def test_any_size_gives_one_vector_and_features_in_place(high: int, wide: int, grid: tuple[int, int]) -> None:
    encoder, seen = small(), images(2, 3, high, wide)
    assert encoder.grid(seen) == grid
    assert encoder.tokens(seen).shape == (2, 1 + grid[0] * grid[1], 24)
    maps = encoder.maps(seen)
    assert maps.shape == (2, 24, *grid)
    torch.testing.assert_close(maps.mean(dim=(2, 3)), encoder(seen))


def test_a_rim_that_fills_no_patch_is_cut_off_evenly() -> None:
    encoder, whole = small(), images(1, 3, 18, 19)
    assert torch.equal(encoder(whole), encoder(whole[:, :, 1:17, 1:17]))


def test_attention_is_what_the_patches_take_from_each_other_and_from_the_class_token() -> None:
    encoder, seen = small(depth=1), images(2, 3, 16, 20)
    maps = encoder.attention(seen)
    sums = maps.sum(dim=(2, 3))
    assert maps.shape == (2, 2, 4, 5)
    assert (maps > 0).all() and (sums < 1).all() and (sums > 0.5).all()
    block = encoder.blocks[0]
    queries_of_patches = block.weights(encoder._before_last(seen, None))[:, :, 1:]
    torch.testing.assert_close(sums + queries_of_patches[..., 0].mean(dim=2), torch.ones(2, 2))


def test_keeping_all_patches_is_the_same_as_keeping_none_out() -> None:
    encoder, seen = small(), images(2, 3, 16, 16)
    torch.testing.assert_close(encoder.tokens(seen, torch.arange(16).expand(2, -1)), encoder.tokens(seen))


def test_the_order_of_the_kept_patches_is_the_order_of_their_tokens() -> None:
    encoder, seen = small(), images(2, 3, 16, 16)
    keep = torch.tensor([[1, 4, 9, 15], [0, 2, 3, 8]])
    turned = keep[:, [2, 0, 3, 1]]
    tokens = encoder.tokens(seen, keep)
    torch.testing.assert_close(
        encoder.tokens(seen, turned)[:, 1:], tokens[:, 1:][:, [2, 0, 3, 1]], atol=1e-5, rtol=1e-5
    )


def test_what_lies_in_a_patch_that_is_left_out_changes_nothing() -> None:
    encoder, seen = small(), images(1, 3, 16, 16)
    changed = seen.clone()
    changed[:, :, :4, :4] += 1  # patch 0
    keep = torch.arange(1, 16)[None]
    assert torch.equal(encoder.tokens(seen, keep), encoder.tokens(changed, keep))
    assert not torch.equal(encoder(seen), encoder(changed))


@pytest.mark.parametrize("settings", [{"width": 26, "heads": 2}, {"width": 64, "heads": 3}])
def test_a_width_that_does_not_split_into_heads_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(SettingInvalid, match="multiple of 4"):
        small(**settings)


def test_an_image_smaller_than_a_patch_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="patches of 32 pixels"):
        small(patch=32)(images(1, 3, 16, 16))


def test_few_tokens_and_many_attend_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, seen = small(), images(2, 3, 16, 16)
    plainly = encoder(seen)
    monkeypatch.setattr("engine.encoders.nano_vit.FEW", 0)
    torch.testing.assert_close(encoder(seen), plainly, atol=1e-5, rtol=1e-5)
