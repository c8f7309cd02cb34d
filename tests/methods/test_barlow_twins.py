"""Barlow Twins' loss against lightly's, against NumPy's correlations, and in closed form."""

from itertools import combinations

import numpy as np
import pytest
import torch
from lightly.loss import BarlowTwinsLoss
from torch import Tensor

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.barlow_twins import disagreement_and_redundancy, standardise


def features(seed: int, count: int = 9, width: int = 5) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed)) * 3 + 1


def terms(left: Tensor, right: Tensor) -> tuple[float, float]:
    disagreement, redundancy = disagreement_and_redundancy(standardise(left), standardise(right)).tolist()
    return disagreement, redundancy


def test_times_its_features_it_is_the_loss_of_lightly() -> None:
    left, right = features(0), features(1)
    disagreement, redundancy = terms(left, right)
    assert 5 * (disagreement + 0.02 * redundancy) == pytest.approx(BarlowTwinsLoss(0.02)(left, right).item(), rel=1e-5)


def test_its_correlations_are_those_of_numpy() -> None:
    left, right = features(0), features(1)
    correlation = np.corrcoef(left.numpy().T, right.numpy().T)[:5, 5:]
    disagreement, redundancy = terms(left, right)
    assert disagreement == pytest.approx(((1 - np.diag(correlation)) ** 2).mean(), rel=1e-4)
    assert redundancy == pytest.approx((correlation**2 - np.diag(np.diag(correlation) ** 2)).sum() / 5, rel=1e-4)


def test_equal_views_of_separate_features_cost_nothing() -> None:
    separate = torch.linalg.qr(torch.cat([torch.ones(9, 1), features(0)], dim=1))[0][:, 1:]  # each of mean 0
    assert terms(separate * 50, separate * 50) == pytest.approx((0, 0), abs=1e-4)


def test_the_same_feature_twice_costs_one_for_each() -> None:
    twice = features(0, width=1).repeat(1, 2)
    assert terms(twice, twice) == pytest.approx((0, 1), abs=1e-4)


def test_opposite_views_cost_four() -> None:
    assert terms(features(0), -features(0))[0] == pytest.approx(4, abs=1e-4)


def test_with_three_views_it_is_the_mean_over_their_pairs() -> None:
    method = build_method("barlow_twins", build_encoder("nano", {"width": 8}), {"width": 16, "hidden": 16}).train()
    views = torch.randn(3, 6, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    losses = method.loss(Batch(views, torch.arange(6).repeat(3, 1)))
    projections = [method.project(view) for view in views]
    oracle = torch.stack([BarlowTwinsLoss(0.005)(left, right) for left, right in combinations(projections, 2)])
    torch.testing.assert_close(losses["total"], oracle.mean() / 16)


def test_the_trivial_loss_is_that_of_independent_features() -> None:
    method = build_method("barlow_twins", build_encoder("nano", {"width": 8}), {"width": 40, "hidden": 16}).train()
    trivial = method.loss(Batch(torch.randn(2, 12, 3, 16, 16), torch.arange(12).repeat(2, 1)))["trivial"].item()
    drawn = [terms(features(2 * seed, 12, 40), features(2 * seed + 1, 12, 40)) for seed in range(50)]
    assert trivial == pytest.approx(np.mean([left + 0.005 * right for left, right in drawn]), rel=0.03)
