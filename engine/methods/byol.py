"""BYOL: one network predicts what its own slow average says of another view; there are no negatives.

Grill et al., NeurIPS 2020, https://arxiv.org/abs/2006.07733, equations 1 and 2 and algorithm 1. Differs: narrower
heads; the loss is the mean over ordered pairs of views, where the paper takes the sum; all views pass the network in
one batch, so batch norm sees them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar

import torch
from torch import Tensor

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import directions, full_precision, mlp
from engine.methods.joint import joint_mean
from engine.methods.momentum import follow, rising, slow_copy
from engine.settings import setting


@METHODS.register("byol")
class BYOL(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "self-distillation",
        "when_to_use": "For small batches, and where many images are nearly alike, so that negatives would mislead.",
        "assumes": "The views of one image share what matters. Needs longer training than SimCLR; watch for collapse.",
        "cost": "medium",
        "minimum_batch": 8,
    }

    @dataclass(frozen=True)
    class Config:
        momentum: float = setting(
            0.99, "how slowly the target follows at first; it rises to 1", minimum=0, maximum=1, symbol="τ base"
        )
        width: int = setting(128, "features that are predicted; the paper uses 256", minimum=2, maximum=4096)
        hidden: int = setting(
            512, "features inside the heads; the paper uses 4096", minimum=2, maximum=8192, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.projector = mlp(encoder.width, config.hidden, config.width)
        self.predictor = mlp(config.width, config.hidden, config.width)
        self.target = slow_copy(encoder, self.projector)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        views = batch.views.flatten(0, 1)
        predictions = self.predictor(self.project(views))
        with torch.no_grad():
            targets = self.target(views)
        with full_precision(predictions):
            total = disagreement(predictions, targets, len(batch.views))
        return {"total": total, "trivial": torch.full_like(total, 2.0)}  # unrelated directions are at right angles

    def after_step(self, progress: float) -> None:
        """Move the target towards the network; its momentum rises on a cosine from the base to 1 (the paper, A.1)."""
        follow(self.target, (self.encoder, self.projector), rising(self.config.momentum, progress))


def disagreement(predictions: Tensor, targets: Tensor, views: int) -> Tensor:
    """Mean of |q - z|² = 2 - 2 cos over each view's prediction and each other view's target.

    Args:
        predictions: [V·B D], view by view.
        targets: [V·B D].
        views: V, at least 2.

    Returns:
        A scalar from 0 (all agree) to 4; 2 where they are unrelated.
    """
    predicted, wanted = directions(predictions).chunk(views), directions(targets).chunk(views)
    pairs = [joint_mean((predicted[i] * wanted[j]).sum(dim=1)) for i, j in permutations(range(views), 2)]
    return 2 - 2 * torch.stack(pairs).mean()
