"""VICReg's loss against lightly's, and each of its terms in closed form."""

from itertools import combinations

import numpy as np
import pytest
import torch
from lightly.loss import VICRegLoss
from torch import Tensor

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.vicreg import VICReg, narrowness, redundancy, unrelated


def method(**settings: float) -> VICReg:
    chosen = {"width": 16, "hidden": 16} | settings
    built = build_method("vicreg", build_encoder("nano", {"width": 8}), chosen).train()
    assert isinstance(built, VICReg)
    return built


def batch(views: int) -> Batch:
    images = torch.randn(views, 6, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    return Batch(images, torch.arange(6).repeat(views, 1))


def features(width: int = 4) -> Tensor:
    return torch.randn(10, width, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("views", [2, 3])
def test_it_is_the_loss_of_lightly_over_all_pairs_of_views(views: int) -> None:
    vicreg, oracle = method(invariance=3, variance=5, covariance=2), VICRegLoss(3, 5, 2)
    shown = batch(views)
    projections = [vicreg.project(view) for view in shown.views]
    expected = torch.stack([oracle(left, right) for left, right in combinations(projections, 2)]).mean()
    torch.testing.assert_close(vicreg.loss(shown)["total"], expected)


def test_the_terms_add_up_with_their_weights() -> None:
    losses = method(invariance=3, variance=5, covariance=2).loss(batch(2))
    total = 3 * losses["invariance"] + 5 * losses["variance"] + 2 * losses["covariance"]
    torch.testing.assert_close(losses["total"], total)


def test_features_that_never_vary_lack_nearly_one_and_wide_ones_nothing() -> None:
    assert narrowness(torch.ones(10, 4)).item() == pytest.approx(1 - 0.01)  # the root of ε
    assert narrowness(features() * 100).item() == 0


def test_redundancy_is_that_of_numpys_covariances() -> None:
    covariance = np.cov(features().numpy().T)
    np.fill_diagonal(covariance, 0)
    assert redundancy(features()).item() == pytest.approx((covariance**2).sum() / 4, rel=1e-4)


@pytest.mark.parametrize(("invariance", "variance"), [(25.0, 25.0), (1.0, 25.0), (25.0, 0.0)])
def test_the_trivial_loss_is_the_least_over_all_spreads(invariance: float, variance: float) -> None:
    spread = np.linspace(0, 2, 20_001)
    losses = invariance * 2 * spread**2 + variance * np.maximum(0, 1 - spread)
    assert unrelated(invariance, variance) == pytest.approx(losses.min(), abs=1e-4)
