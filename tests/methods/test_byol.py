"""BYOL's loss against lightly's, and its moving target in closed form."""

import pytest
import torch
from lightly.loss import NegativeCosineSimilarity

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.byol import BYOL, disagreement


def method(**settings: float) -> BYOL:
    built = build_method("byol", build_encoder("nano", {"width": 8}), settings)
    assert isinstance(built, BYOL)
    return built


def test_the_loss_is_two_plus_twice_that_of_lightly() -> None:
    generator = torch.Generator().manual_seed(0)
    predictions, targets = (torch.randn(10, 6, generator=generator) for _ in range(2))
    oracle = NegativeCosineSimilarity()
    crossed = (oracle(predictions[:5], targets[5:]) + oracle(predictions[5:], targets[:5])) / 2
    torch.testing.assert_close(disagreement(predictions, targets, 2), 2 + 2 * crossed)


def test_agreement_costs_nothing_and_opposition_costs_four() -> None:
    features = torch.randn(1, 6, generator=torch.Generator().manual_seed(0)).expand(6, 6)
    assert disagreement(features, features, 3).item() == pytest.approx(0, abs=1e-6)
    assert disagreement(features, -features, 3).item() == pytest.approx(4, abs=1e-6)


def test_the_target_starts_as_a_copy_of_the_network() -> None:
    byol = method()
    images = torch.randn(4, 3, 16, 16)
    byol.eval()
    assert torch.equal(byol.target(images), byol.project(images))


def test_the_target_moves_by_one_minus_the_momentum() -> None:
    byol = method(momentum=0.9)
    before = byol.target[0].stem.weight.clone()
    with torch.no_grad():
        byol.encoder.stem.weight.add_(1.0)
    byol.after_step(0.0)
    torch.testing.assert_close(byol.target[0].stem.weight, before + 0.1)


def test_halfway_the_momentum_is_halfway_to_one_and_at_the_end_the_target_stands_still() -> None:
    byol = method(momentum=0.8)
    with torch.no_grad():
        byol.encoder.stem.weight.add_(1.0)
    start = byol.target[0].stem.weight.clone()
    byol.after_step(0.5)
    torch.testing.assert_close(byol.target[0].stem.weight, start + 0.1)
    halfway = byol.target[0].stem.weight.clone()
    byol.after_step(1.0)
    assert torch.equal(byol.target[0].stem.weight, halfway)


def test_no_gradient_reaches_the_target() -> None:
    byol = method()
    views = torch.randn(2, 4, 3, 16, 16)
    byol.loss(Batch(views, torch.arange(4).repeat(2, 1)))["total"].backward()
    assert all(weight.grad is None for weight in byol.target.parameters())
