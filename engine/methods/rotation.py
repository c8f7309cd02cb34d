"""Rotation: the network says by how many quarter turns an image was turned.

Gidaris et al., ICLR 2018, https://arxiv.org/abs/1803.07728, equations 2 and 3 with K = 4; as in the paper all four
turns of each image are in the same batch. Differs: one linear layer on the vector is the classifier; the run's
optimiser and schedule.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import full_precision
from engine.methods.joint import joint_mean
from engine.views.recipe import Recipe

TURNS = 4


@METHODS.register("rotation")
class Rotation(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "pretext",
        "when_to_use": "For everyday photographs, where things stand upright. Of no use for tissue, cells and pictures "
        "from above: they have no up, so nothing can be learnt.",
        "assumes": "The images have an up that can be seen. Partners are of no use to it.",
        "cost": "high",
        "minimum_batch": 8,
        "views": 1,
    }

    @dataclass(frozen=True)
    class Config:
        pass

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.classifier = nn.Linear(encoder.width, TURNS)

    def recipe(self, asked: Recipe) -> Recipe:
        """No turns and no flips upside down, which would make the answer ambiguous; a flip left to right does not."""
        return replace(asked, rotation=0, flip_vertical=False)

    def project(self, images: Tensor) -> Tensor:
        features: Tensor = self.encoder(images)
        return features

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images = batch.views.flatten(0, 1)
        logits = self.classifier(self.encoder(all_turns(images)))
        turns = torch.arange(TURNS, device=images.device).repeat_interleave(len(images))
        with full_precision(logits):
            each = F.cross_entropy(logits.float(), turns, reduction="none")
            total = joint_mean(each.view(TURNS, -1).mean(dim=0))
        right = joint_mean((logits.argmax(dim=1) == turns).float().view(TURNS, -1).mean(dim=0))
        return {"total": total, "trivial": torch.full_like(total, math.log(TURNS)), "right": right}


def all_turns(images: Tensor) -> Tensor:
    """Square images [B C S S] → [4·B C S S]: as they are, then turned by one, two and three quarters."""
    return torch.cat([images.rot90(turn, (2, 3)) for turn in range(TURNS)])
