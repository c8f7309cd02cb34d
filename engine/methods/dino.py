"""DINO: a student network says of every crop what a slow average of itself, the teacher, says of the whole views.

Caron et al., ICCV 2021, https://arxiv.org/abs/2104.14294, equations 1 (both softmaxes), 3 (the loss over views and
crops) and 4 (the centre). Nothing is told apart: centring keeps one output from winning, sharpening keeps all from
being alike, and only both together prevent a collapse. As there, the encoder of the run is the teacher. Differs: a
narrower head with fewer outputs; a faster teacher and a shorter warm-up of its temperature, for short trainings; the
last layer stands still at first by a gradient of zero; weights decay evenly and gradients are not clipped.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch
from engine.methods.heads import directions, full_precision, held
from engine.methods.joint import gather, joint_mean
from engine.methods.momentum import follow, rising
from engine.methods.multi_crop import MultiCrop, MultiCropConfig, cross_entropy_across_views, every_view
from engine.settings import setting


@METHODS.register("dino")
class DINO(MultiCrop):
    card: ClassVar[dict[str, object]] = {
        "family": "self-distillation",
        "when_to_use": "With the nano ViT, or where a part of an image tells what the whole is.",
        "assumes": "Small parts of an image share what matters. Needs longer training than SimCLR.",
        "cost": "high",
        "minimum_batch": 16,
    }
    centre: Tensor

    @dataclass(frozen=True)
    class Config(MultiCropConfig):
        temperature: float = setting(0.1, "softness of the student's outputs", minimum=0.01, maximum=10, symbol="τs")
        teacher_temperature: float = setting(
            0.04,
            "softness of the teacher's outputs; sharper than the student's, or all outputs become alike",
            minimum=0.001,
            maximum=10,
            symbol="τt",
        )
        first_teacher_temperature: float = setting(
            0.04, "the same at first; it goes to the other in a straight line", minimum=0.001, maximum=10, advanced=True
        )
        warm_epochs: int = setting(
            5, "epochs in which it goes there; the paper takes 30", minimum=0, maximum=10_000, advanced=True
        )
        momentum: float = setting(
            0.99,
            "how slowly the teacher follows at first; it rises to 1; the paper starts from 0.996 over many more steps",
            minimum=0,
            maximum=1,
            symbol="λ",
        )
        centre_momentum: float = setting(
            0.9, "how slowly the centre of the teacher's outputs moves", minimum=0, maximum=1, symbol="m", advanced=True
        )
        outputs: int = setting(1024, "outputs of the head; the paper uses 65536", minimum=2, maximum=65_536, symbol="K")
        hidden: int = setting(
            512, "features inside the head; the paper uses 2048", minimum=2, maximum=8192, advanced=True
        )
        width: int = setting(128, "features before the last layer; the paper uses 256", minimum=2, maximum=4096)
        batch_norm: bool = setting(
            True, "batch norm in the head, which keeps images apart from the start; the paper has none", advanced=True
        )
        frozen_epochs: int = setting(
            1, "epochs at first in which the last layer stands still", minimum=0, maximum=10_000, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.head = Head(encoder.width, config.hidden, config.width, config.outputs, config.batch_norm)
        self.student_encoder = copy.deepcopy(encoder)
        self.student_head = copy.deepcopy(self.head)
        self.encoder.requires_grad_(False)
        self.head.requires_grad_(False)
        self.register_buffer("centre", torch.zeros(config.outputs))

    def project(self, images: Tensor) -> Tensor:
        projections: Tensor = self.head(self.encoder(images))
        return projections

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        vectors = every_view(self.student_encoder, self.student_head, batch)
        with torch.no_grad():
            slow = self.project(batch.views.flatten(0, 1))
        with full_precision(vectors):
            frozen = int(self.epoch) < self.config.frozen_epochs
            student = self.student_head.scores(vectors, frozen) / self.config.temperature
            teacher = self.head.scores(slow).view(*batch.rows.shape, -1)
            targets = ((teacher - self.centre) / self._teacher_temperature()).softmax(dim=2)
            total = joint_mean(cross_entropy_across_views(targets, student))
            entropy = joint_mean(torch.special.entr(targets).sum(dim=2).mean(dim=0))
            self.centre = self.centre.lerp(gather(teacher.mean(dim=0)).mean(dim=0), 1 - self.config.centre_momentum)
        # The paper's figure 7: both stay clear of 0, and the entropy of ln K, unless the network collapses.
        watched = {"target_entropy": entropy, "divergence": total.detach() - entropy}
        return {"total": total, "trivial": torch.full_like(total, math.log(self.config.outputs)), **watched}

    def after_step(self, progress: float) -> None:
        """Move the teacher towards the student; its momentum rises on a cosine from the first to 1."""
        student = self.student_encoder, self.student_head
        follow(nn.Sequential(self.encoder, self.head), student, rising(self.config.momentum, progress))

    def _teacher_temperature(self) -> float:
        first, last = self.config.first_teacher_temperature, self.config.teacher_temperature
        return float(first + (last - first) * min(1.0, int(self.epoch) / max(1, self.config.warm_epochs - 1)))


class Head(nn.Module):
    """Features [M D] → a narrow layer [M width]; its cosines with K learnt directions are the scores.

    The directions are a linear layer under weight norm whose lengths stay 1, as in the paper's appendix.
    """

    def __init__(self, features: int, hidden: int, width: int, outputs: int, batch_norm: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in (features, hidden):
            norms = [nn.BatchNorm1d(hidden)] if batch_norm else []
            layers += [nn.Linear(inputs, hidden), *norms, nn.GELU()]
        self.layers = nn.Sequential(*layers, nn.Linear(hidden, width))
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)
        self.last = nn.Parameter(directions(torch.randn(outputs, width)))

    def forward(self, features: Tensor) -> Tensor:
        vectors: Tensor = self.layers(features)
        return vectors

    def scores(self, vectors: Tensor, frozen: bool = False) -> Tensor:
        """Cosines [… K] of vectors [… width] with the directions, which get no gradient while frozen; float32."""
        unit = F.normalize(vectors.float(), dim=-1)
        return F.linear(unit, directions(held(self.last, frozen)))
