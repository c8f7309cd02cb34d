"""Fine-tuning: a few labels teach classes to a network that has learnt from all images, from inside its head.

Chen et al., NeurIPS 2020, https://arxiv.org/abs/2006.10029, section 2: the classifier stands on the first layer of
the projection head, not on the encoder, which helps the more the fewer labels there are; the whole network learns. No
weight decay, no warm-up, a small step size, crops and flips only. Differs: AdamW in place of LARS; crops show at
least half of an image; turns stay where the views of the run have them; rare classes weigh as much as frequent ones
unless switched off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import Batch
from engine.methods.heads import full_precision
from engine.methods.joint import joint_mean
from engine.methods.stage import STAGES, Stage
from engine.settings import setting


@STAGES.register("fine_tuning")
class FineTuning(Stage):
    @dataclass(frozen=True)
    class Config:
        head_layers: int = setting(
            1, "layers of the projector kept under the classifier; the paper finds 1 best of 3", minimum=0, maximum=7
        )
        balance: bool = setting(True, "weigh labels so that every class counts the same")

    config: Config
    codes: Tensor
    weights: Tensor

    def __init__(
        self, encoder: Encoder, head: nn.Sequential, classes: Sequence[str], codes: Tensor, config: Config
    ) -> None:
        """`codes` [N] is the class of each image that it is trained on; all else as in Stage."""
        super().__init__(encoder, head, classes, config)
        self.register_buffer("codes", codes.clone())
        self.register_buffer(
            "weights", class_weights(codes, len(classes)) if config.balance else torch.ones(len(classes))
        )

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        codes = self.codes[batch.rows.flatten()]
        scores = self.classify(batch.views.flatten(0, 1))
        with full_precision(scores):
            weights = self.weights[codes]
            return {
                "total": joint_mean(weights * F.cross_entropy(scores.float(), codes, reduction="none")),
                "trivial": joint_mean(weights) * math.log(len(self.classes)),
                "label_accuracy": joint_mean((scores.argmax(dim=1) == codes).float()),
            }


def class_weights(codes: Tensor, classes: int) -> Tensor:
    """Weights [L], with mean 1 over the images of codes [N], by which all classes have the same sum of weights."""
    counts = torch.bincount(codes, minlength=classes)
    return len(codes) / (classes * counts.clamp(min=1))
