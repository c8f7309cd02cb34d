"""VICReg: two views must agree, every feature must vary over the batch, and no two features may vary together.

Bardes et al., ICLR 2022, https://arxiv.org/abs/2105.04906, equations 1 to 6. Differs: narrower expander; invariance is
the mean over features and variance the mean over both views, as in the authors' code and as their weights 25, 25 and 1
are meant (equations 5 and 6 take sums); with more than two views the loss is the mean over pairs; the run's optimiser
in place of LARS.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import torch
from torch import Tensor

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import full_precision, mlp
from engine.methods.joint import gather
from engine.settings import setting

STEADY = 1e-4  # ε of equation 2, beside the variance under the root


@METHODS.register("vicreg")
class VICReg(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "redundancy reduction",
        "when_to_use": "As Barlow Twins, with three terms to watch that tell agreement from collapse.",
        "assumes": "The views of one image share what matters, and many separate features are worth having.",
        "cost": "low",
        "minimum_batch": 32,
    }

    @dataclass(frozen=True)
    class Config:
        invariance: float = setting(25.0, "weight of the agreement of views", minimum=0.01, maximum=1000, symbol="λ")
        variance: float = setting(25.0, "weight of the spread of each feature", minimum=0, maximum=1000, symbol="μ")
        covariance: float = setting(
            1.0, "how much features that vary together cost", minimum=0, maximum=1000, symbol="ν"
        )
        width: int = setting(1024, "features that are compared; the paper uses 8192", minimum=2, maximum=16_384)
        hidden: int = setting(
            1024, "features inside the expander; the paper uses 8192", minimum=2, maximum=16_384, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.projector = mlp(encoder.width, config.hidden, config.hidden, config.width, bias=False)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        projections = [self.project(view) for view in batch.views]  # one by one: batch norm sees each view by itself
        config = self.config
        with full_precision(projections[0]):
            views = [gather(projection.float()) for projection in projections]
            pairs = [(left - right).square().mean() for left, right in combinations(views, 2)]
            invariance = torch.stack(pairs).mean()
            variance = torch.stack([narrowness(view) for view in views]).mean()
            covariance = 2 * torch.stack([redundancy(view) for view in views]).mean()  # of both views of a pair
            total = config.invariance * invariance + config.variance * variance + config.covariance * covariance
        return {
            "total": total,
            "trivial": torch.full_like(total, unrelated(config.invariance, config.variance)),
            "invariance": invariance.detach(),
            "variance": variance.detach(),
            "covariance": covariance.detach(),
        }


def narrowness(features: Tensor) -> Tensor:
    """Mean over the features [B D] of what their standard deviation lacks to 1: equations 1 and 2, v(Z)."""
    return (1 - (features.var(dim=0) + STEADY).sqrt()).relu().mean()


def redundancy(features: Tensor) -> Tensor:
    """Sum of squares of the covariances of different features [B D], divided by D: equations 3 and 4, c(Z)."""
    centred = features - features.mean(dim=0)
    covariance = centred.T @ centred / (len(features) - 1)
    return (covariance.square().sum() - covariance.diagonal().square().sum()) / len(covariance)


def unrelated(invariance: float, variance: float) -> float:
    """The least loss of views with nothing in common: that of separate features at the best standard deviation s.

    It is λ 2s² + μ (1 - s), least at s = μ / 4λ, or at 1 where that is more.
    """
    spread = min(1.0, variance / (4 * invariance))
    return invariance * 2 * spread**2 + variance * (1 - spread)
