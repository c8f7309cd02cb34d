"""Barlow Twins: two views must agree feature by feature, and no two features may repeat each other.

Zbontar et al., ICML 2021, https://arxiv.org/abs/2103.03230, equations 1 and 2. Differs: narrower projector; the loss is
divided by its number of features, so that the step size need not change with it; with more than two views it is the
mean over pairs; the run's optimiser in place of LARS.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import full_precision, mlp
from engine.methods.joint import gather
from engine.settings import setting


@METHODS.register("barlow_twins")
class BarlowTwins(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "redundancy reduction",
        "when_to_use": "Where images are nearly alike, so that negatives would mislead, and memory is short.",
        "assumes": "The views of one image share what matters, and many separate features are worth having.",
        "cost": "low",
        "minimum_batch": 32,
    }

    @dataclass(frozen=True)
    class Config:
        redundancy: float = setting(
            0.005, "how much features that repeat each other cost", minimum=0, maximum=1, symbol="λ"
        )
        width: int = setting(1024, "features that are compared; the paper uses 8192", minimum=2, maximum=16_384)
        hidden: int = setting(
            1024, "features inside the projector; the paper uses 8192", minimum=2, maximum=16_384, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.projector = mlp(encoder.width, config.hidden, config.hidden, config.width, bias=False)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        projections = [self.project(view) for view in batch.views]  # one by one: batch norm sees each view by itself
        with full_precision(projections[0]):
            views = [standardise(gather(projection.float())) for projection in projections]
            terms = [disagreement_and_redundancy(left, right) for left, right in combinations(views, 2)]
            disagreement, redundancy = torch.stack(terms).mean(dim=0).unbind()
            total = disagreement + self.config.redundancy * redundancy
        noise = 1 / (len(views[0]) - 1)  # mean square of the correlation of unrelated features over B images
        trivial = 1 + noise + self.config.redundancy * (self.config.width - 1) * noise
        return {
            "total": total,
            "trivial": torch.full_like(total, trivial),
            "disagreement": disagreement.detach(),
            "redundancy": redundancy.detach(),
        }


def standardise(features: Tensor) -> Tensor:
    """Features [B D] with mean 0 and variance 1 over the batch."""
    return F.batch_norm(features, None, None, training=True)


def disagreement_and_redundancy(left: Tensor, right: Tensor) -> Tensor:
    """Both sums of equation 1, each divided by D: [2], over the correlations C [D D] between two views.

    Args:
        left: standardised features [B D] of one view.
        right: standardised features [B D] of the other.

    Returns:
        Σᵢ (1 - Cᵢᵢ)² / D and Σᵢ Σⱼ≠ᵢ Cᵢⱼ² / D.
    """
    correlation = left.T @ right / len(left)
    diagonal = correlation.diagonal()
    disagreement = (1 - diagonal).square().sum()
    redundancy = correlation.square().sum() - diagonal.square().sum()
    return torch.stack([disagreement, redundancy]) / len(correlation)
