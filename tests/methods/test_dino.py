"""DINO's loss and centre against lightly's; its schedules, and what centring and sharpening are for."""

import math

import pytest
import torch
from lightly.loss import DINOLoss
from torch import Tensor

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.dino import DINO
from engine.methods.multi_crop import every_view
from engine.train.config import TrainConfig
from engine.train.schedule import make_optimiser


def method(encoder: str = "nano", **settings: float) -> DINO:
    network = build_encoder(encoder, {"width": 8} if encoder == "nano" else {})
    built = build_method("dino", network, {"outputs": 32, "width": 16, "hidden": 16, **settings}).train()
    assert isinstance(built, DINO)
    return built


def batch(images: int = 5, views: int = 2, crops: int = 3) -> Batch:
    random = torch.Generator().manual_seed(0)
    whole = torch.randn(views, images, 3, 32, 32, generator=random)
    small = torch.randn(crops, images, 3, 16, 16, generator=random)
    return Batch(whole, torch.arange(images).repeat(views, 1), crops=small if crops else None)


def scores(dino: DINO, shown: Batch) -> tuple[Tensor, Tensor]:
    """What teacher [V B K] and student [V+C B K] say."""
    student = dino.student_head.scores(every_view(dino.student_encoder, dino.student_head, shown))
    teacher = dino.head.scores(dino.project(shown.views.flatten(0, 1)))
    return teacher.view(*shown.rows.shape, -1), student


@pytest.mark.parametrize(("views", "crops"), [(2, 0), (2, 3), (3, 4)])
def test_loss_and_centre_are_those_of_lightly(views: int, crops: int) -> None:
    dino, shown = method(), batch(views=views, crops=crops)
    oracle = DINOLoss(32, warmup_teacher_temp_epochs=5)
    for _ in range(2):  # the second time with a centre that is not 0
        teacher, student = scores(dino, shown)
        expected = oracle(list(teacher.detach()), list(student))
        torch.testing.assert_close(dino.loss(shown)["total"], expected)
        torch.testing.assert_close(dino.centre, oracle.center[0, 0])


def test_the_student_learns_what_the_teacher_says_of_one_batch() -> None:
    dino, shown = method(), batch()
    optimiser = torch.optim.AdamW((weight for weight in dino.parameters() if weight.requires_grad), lr=3e-3)
    apart = []
    for _ in range(12):
        losses = dino.loss(shown)
        optimiser.zero_grad()
        losses["total"].backward()
        optimiser.step()
        dino.after_step(0.5)
        apart.append(losses["divergence"].item())
    assert apart[-1] < 0.5 * apart[0]


def test_the_temperature_of_the_teacher_rises_in_a_straight_line_by_epochs() -> None:
    dino = method(first_teacher_temperature=0.04, teacher_temperature=0.07, warm_epochs=4)
    found = []
    for epoch in range(6):
        dino.before_epoch(epoch, lambda: torch.empty(0))
        found.append(dino._teacher_temperature())
    assert found == pytest.approx([0.04, 0.05, 0.06, 0.07, 0.07, 0.07])


def test_without_centring_one_output_wins_and_with_it_none_does() -> None:
    found = {}
    for momentum in (1.0, 0.5):  # a centre that never moves is none
        dino, shown = method(centre_momentum=momentum), batch(crops=0)
        with torch.no_grad():
            dino.head.layers[-1].bias.add_(dino.head.last[0] * 10)  # all images are nearly alike to it
        losses = [dino.loss(shown) for _ in range(12)][-1]
        found[momentum] = losses["target_entropy"].item()
    assert found[1.0] < 0.1 * math.log(32) and found[0.5] > 0.9 * math.log(32)


def test_without_sharpening_all_outputs_are_alike_and_with_it_they_are_not() -> None:
    shown = batch()
    entropies = [
        method(teacher_temperature=t, first_teacher_temperature=t).loss(shown)["target_entropy"].item()
        for t in (1.0, 0.01)
    ]
    assert entropies[0] > 0.98 * math.log(32) and entropies[1] < 0.5 * math.log(32)


def test_the_last_layer_stands_still_in_the_first_epoch_also_after_a_resume() -> None:
    dino = method(frozen_epochs=1)
    dino.before_epoch(0, lambda: torch.empty(0))
    moved = method(frozen_epochs=1)
    moved.before_epoch(7, lambda: torch.empty(0))
    for network, moves in ((dino, False), (moved, True)):
        resumed = method(frozen_epochs=1)
        resumed.load_state_dict(network.state_dict())
        optimiser = make_optimiser(resumed, TrainConfig(weight_decay=0))
        before = resumed.student_head.last.clone()
        resumed.loss(batch())["total"].backward()
        optimiser.step()
        assert torch.equal(before, resumed.student_head.last) != moves


def test_the_encoder_of_the_run_is_the_teacher_and_follows_the_student() -> None:
    dino = method(momentum=0.9)
    dino.loss(batch())["total"].backward()
    assert all(weight.grad is None for part in (dino.encoder, dino.head) for weight in part.parameters())
    before = dino.encoder.stem.weight.clone()
    with torch.no_grad():
        dino.student_encoder.stem.weight.add_(1.0)
    dino.after_step(0.5)  # halfway to 1 on the cosine
    torch.testing.assert_close(dino.encoder.stem.weight, before + 0.05)


def test_the_teacher_sees_whole_views_only() -> None:
    sizes: list[int] = []
    dino = method()
    dino.encoder.register_forward_hook(lambda _, images, __: sizes.append(images[0].shape[-1]))
    dino.loss(batch())
    assert sizes == [32]


def test_it_learns_with_the_nano_vit_and_crops_of_another_size() -> None:
    dino = method("nano_vit")
    dino.loss(batch(images=2))["total"].backward()
    learning = [weight for weight in dino.parameters() if weight.requires_grad]
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in learning)
