"""MoCo v2: MoCo with the projector that SimCLR brought, so that small batches learn as large ones do.

Chen et al., Technical report 2020, https://arxiv.org/abs/2003.04297: to v1 it adds a projector of two layers (without
batch norm), a higher temperature, a cosine schedule and blurred views. Differs: narrower projector; the schedule is a
cosine for all methods here, and blur is a setting of the views (`blur`, 0.5 in the paper), not of the method; as in v1,
a shorter queue and a faster key network; keys of the same image or known group are no negatives; batch norm sees a
batch in parts in place of shuffling over devices; with several partners the loss is the mean over them; the run's
optimiser in place of SGD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from engine.encoders import Encoder
from engine.methods.base import METHODS
from engine.methods.moco import MoCo, MoCoConfig
from engine.settings import setting


@METHODS.register("moco_v2")
class MoCoV2(MoCo):
    card: ClassVar[dict[str, object]] = {
        "family": "contrastive",
        "when_to_use": "As SimCLR, where memory allows small batches only: the queue keeps the negatives many.",
        "assumes": "Two images drawn at random mostly show different things.",
        "cost": "medium",
        "minimum_batch": 32,
    }

    @dataclass(frozen=True)
    class Config(MoCoConfig):
        hidden: int = setting(
            512, "features inside the projector; the paper uses 2048", minimum=2, maximum=8192, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        hidden = nn.Linear(encoder.width, config.hidden)
        projector = nn.Sequential(hidden, nn.ReLU(inplace=True), nn.Linear(config.hidden, config.width))
        super().__init__(encoder, config, projector)
