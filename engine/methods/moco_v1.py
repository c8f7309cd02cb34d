"""MoCo v1: views of one thing attract, views of the things in a long queue of past batches repel.

He et al., CVPR 2020, https://arxiv.org/abs/1911.05722, equations 1 and 2 and algorithm 1. The projector is one linear
layer. Differs: a shorter queue and a faster key network, for thousands of images in place of millions; keys of the same
image, or of the same known group, are no negatives; in place of shuffling over devices, batch norm sees a batch in
parts, other ones for queries than for keys (below 8 images in one part, thus without this guard); with several partners
the loss is the mean over them; the run's views, optimiser and cosine in place of the paper's views, SGD and steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.encoders import Encoder
from engine.methods.base import METHODS
from engine.methods.heads import mlp
from engine.methods.moco import MoCo, MoCoConfig
from engine.settings import setting


@METHODS.register("moco_v1")
class MoCoV1(MoCo):
    card: ClassVar[dict[str, object]] = {
        "family": "contrastive",
        "when_to_use": "To reproduce the original; MoCo v2 is the better of the two.",
        "assumes": "Two images drawn at random mostly show different things.",
        "cost": "medium",
        "minimum_batch": 32,
    }

    @dataclass(frozen=True)
    class Config(MoCoConfig):
        temperature: float = setting(
            0.07, "lower looks at the hardest negatives only", minimum=0.01, maximum=10, symbol="τ"
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config, mlp(encoder.width, config.width))
