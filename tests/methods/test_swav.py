"""SwAV's assignments and loss against lightly's; its queue, its prototypes, and what balancing is for."""

import pytest
import torch
from lightly.loss import SwaVLoss
from lightly.loss.swav_loss import sinkhorn as lightly_sinkhorn
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.multi_crop import every_view
from engine.methods.swav import SwAV, sinkhorn
from engine.train.config import TrainConfig
from engine.train.schedule import make_optimiser


def method(**settings: float) -> SwAV:
    small = {"prototypes": 6, "width": 16, "hidden": 16, "queue": 0, **settings}
    built = build_method("swav", build_encoder("nano", {"width": 8}), small).train()
    assert isinstance(built, SwAV)
    return built


def batch(images: int = 5, views: int = 2, crops: int = 3) -> Batch:
    random = torch.Generator().manual_seed(0)
    whole = torch.randn(views, images, 3, 32, 32, generator=random)
    small = torch.randn(crops, images, 3, 16, 16, generator=random)
    return Batch(whole, torch.arange(images).repeat(views, 1), crops=small if crops else None)


def cosines(images: int, prototypes: int) -> torch.Tensor:
    return torch.rand(images, prototypes, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.mark.parametrize("iterations", [1, 3])
def test_assignments_are_those_of_lightly(iterations: int) -> None:
    scores = cosines(20, 7)
    torch.testing.assert_close(sinkhorn(scores, 0.05, iterations), lightly_sinkhorn(scores, iterations, 0.05))


def test_every_prototype_gets_the_same_in_all_and_every_image_is_assigned_once() -> None:
    codes = sinkhorn(cosines(20, 4), 0.05, 100)
    torch.testing.assert_close(codes.sum(dim=0), torch.full((4,), 5.0), rtol=1e-4, atol=0)
    torch.testing.assert_close(codes.sum(dim=1), torch.ones(20))


def test_assignments_do_not_overflow_however_sharp_they_are() -> None:
    assert sinkhorn(cosines(20, 4), 0.001, 3).isfinite().all()


def test_balancing_keeps_one_prototype_from_winning_all_images() -> None:
    scores = cosines(100, 5) * 0.1
    scores[:, 2] += 0.8  # nearest to all
    assert scores.argmax(dim=1).unique().tolist() == [2]
    shares = sinkhorn(scores, 0.05, 3).mean(dim=0)
    assert shares.max() < 0.25


@pytest.mark.parametrize(("views", "crops", "queue"), [(2, 0, 0), (2, 3, 0), (3, 4, 0), (2, 3, 8)])
def test_the_loss_is_that_of_lightly(views: int, crops: int, queue: int) -> None:
    swav, shown = method(queue=queue, evenness=0.05), batch(views=views, crops=crops)
    past = None
    if queue:
        swav.queue.push(F.normalize(torch.randn(queue, 16), dim=1), torch.arange(queue))
        past = [swav.queue.vectors @ swav.prototypes.T] * views
    vectors = F.normalize(every_view(swav.encoder, swav.projector, shown), dim=2)
    scores = list(vectors @ swav.prototypes.T)
    expected = SwaVLoss()(scores[:views], scores[views:], past)
    torch.testing.assert_close(swav.loss(shown)["total"], expected.squeeze())


def test_the_queue_fills_from_its_epoch_on_and_balances_only_once_it_is_full() -> None:
    swav, without, shown = method(queue=15, queue_from=3), method(), batch()  # two steps of 10 vectors fill it
    totals = []
    for epoch in (0, 3, 4, 5):
        swav.before_epoch(epoch, lambda: torch.empty(0))
        totals.append(swav.loss(shown)["total"].item())
    alone = without.loss(shown)["total"].item()
    assert totals[:3] == pytest.approx([alone] * 3) and totals[3] != pytest.approx(alone, rel=1e-4)
    assert swav.queue.rows.tolist() == [0, 1, 2, 3, 4] * 3
    assert "queue.vectors" in swav.state_dict()


def test_prototypes_stand_still_at_first_also_after_a_resume_and_are_of_length_1_after_each_step() -> None:
    for epoch, moves in ((0, False), (1, True)):
        before = method(frozen_epochs=1)
        before.before_epoch(epoch, lambda: torch.empty(0))
        swav = method(frozen_epochs=1)
        swav.load_state_dict(before.state_dict())
        optimiser = make_optimiser(swav, TrainConfig(weight_decay=0))
        swav.loss(batch())["total"].backward()
        optimiser.step()
        assert torch.equal(before.prototypes, swav.prototypes) != moves
        swav.after_step(0.1)
        torch.testing.assert_close(swav.prototypes.norm(dim=1), torch.ones(6))


def test_an_image_is_assigned_to_the_prototype_that_it_is_nearest_to() -> None:
    swav, images = method().eval(), torch.randn(4, 3, 16, 16)
    with torch.no_grad():
        swav.prototypes[3] = F.normalize(swav.project(images)[1], dim=0)
    assert swav.assignments(images)[1] == 3
