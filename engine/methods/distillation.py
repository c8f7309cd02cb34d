"""Distillation: a student learns from all images, without labels, to answer as a fine-tuned network does.

Chen et al., NeurIPS 2020, https://arxiv.org/abs/2006.10029, equation 2: the cross-entropy of the student's
probabilities under the teacher's, both softened by τ; and equation 3, which mixes in labels. The student has no
projection head and may be smaller than its teacher or of the same kind (self-distillation). Teacher and student see
the same view; the teacher is frozen. Differs: the sums of equation 3 are divided by the images seen, in each batch;
crops show at least half of an image; a student of its teacher's kind starts from the teacher's encoder where nothing
else is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import Batch
from engine.methods.heads import full_precision
from engine.methods.joint import joint_mean
from engine.methods.stage import STAGES, Stage
from engine.settings import setting
from engine.types import UNKNOWN


@STAGES.register("distillation")
class Distillation(Stage):
    @dataclass(frozen=True)
    class Config:
        temperature: float = setting(
            1.0,
            "lower trusts the teacher's first choice more; the paper uses 0.1 for a student of the teacher's kind",
            minimum=0.01,
            maximum=10,
            symbol="τ",
        )
        alpha: float = setting(
            1.0,
            "share of the teacher's word in the loss; the rest is that of the labels",
            minimum=0,
            maximum=1,
            symbol="α",
        )

    config: Config
    codes: Tensor

    def __init__(
        self, encoder: Encoder, teacher: nn.Module, classes: Sequence[str], codes: Tensor, config: Config
    ) -> None:
        """`teacher` turns images into scores [B L]; `codes` [N] is UNKNOWN where an image has no label."""
        super().__init__(encoder, nn.Sequential(), classes, config)
        self.teacher = teacher.requires_grad_(requires_grad=False)
        self.register_buffer("codes", codes.clone())

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        self.teacher.eval()  # its norms must not follow the student's batches
        return self

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images, codes = batch.views.flatten(0, 1), self.codes[batch.rows.flatten()]
        with torch.no_grad():
            asked = self.teacher(images)
        scores = self.classify(images)
        with full_precision(scores):
            scores, asked = scores.float(), asked.float()
            share = torch.where(codes == UNKNOWN, 0.0, 1 - self.config.alpha)  # of the label's word
            labelled = F.cross_entropy(scores, codes, reduction="none", ignore_index=UNKNOWN)
            taught = distillation(scores, asked, self.config.temperature)
            return {
                "total": joint_mean(self.config.alpha * taught + share * labelled),
                "trivial": joint_mean(self.config.alpha + share) * math.log(len(self.classes)),
                "teacher_agreement": joint_mean((scores.argmax(dim=1) == asked.argmax(dim=1)).float()),
            }


def distillation(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """-Σ_y P_teacher(y) log P_student(y) for each image [B]: probabilities of scores [B L] at a temperature τ > 0."""
    return -((teacher / temperature).softmax(dim=1) * (student / temperature).log_softmax(dim=1)).sum(dim=1)
