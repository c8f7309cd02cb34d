"""SimSiam: one network predicts itself across views; stopping the gradient on one side keeps it from collapsing.

Chen and He, CVPR 2021, https://arxiv.org/abs/2011.10566, equations 1 to 4 and algorithm 1. Differs: narrower heads; 1
is added to the loss, so that agreement costs nothing; with more than two views it is the mean over ordered pairs; the
step size of the predictor falls with all others, where the paper keeps it; the run's optimiser in place of SGD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.byol import disagreement
from engine.methods.heads import full_precision, mlp
from engine.settings import setting


@METHODS.register("simsiam")
class SimSiam(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "self-distillation",
        "when_to_use": "As BYOL, at less memory: nothing is kept beside the network itself.",
        "assumes": "The views of one image share what matters. Batch norm alone holds it up; watch for collapse.",
        "cost": "low",
        "minimum_batch": 8,
    }

    @dataclass(frozen=True)
    class Config:
        width: int = setting(512, "features of the projector; the paper uses 2048", minimum=2, maximum=8192, symbol="d")
        hidden: int = setting(
            128, "features inside the predictor; a quarter of its width in the paper", minimum=2, maximum=8192
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        width = config.width
        norm = nn.BatchNorm1d(width, affine=False)
        self.projector = nn.Sequential(mlp(encoder.width, width, width, width, bias=False), norm)
        self.predictor = mlp(width, config.hidden, width)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        projections = [self.project(view) for view in batch.views]  # one by one: batch norm sees each view by itself
        predictions = torch.cat([self.predictor(projection) for projection in projections])
        targets = torch.cat(projections).detach()
        with full_precision(predictions):
            total = disagreement(predictions, targets, len(batch.views)) / 2
        return {"total": total, "trivial": torch.ones_like(total)}  # unrelated directions are at right angles
