"""Nano ResNet: ten layers and 1.2 million weights, fast enough to train on a laptop's CPU.

He et al., CVPR 2016, https://arxiv.org/abs/1512.03385. Differs: one block a stage, half the channels, and a stem of 3x3
with stride 2 that quarters the cost of everything after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.encoders.base import ENCODERS
from engine.encoders.resnet import ResNet
from engine.settings import setting


@ENCODERS.register("nano")
class Nano(ResNet):
    card: ClassVar[dict[str, object]] = {
        "family": "residual network",
        "features": 256,
        "inits": ["random"],
        "when_to_use": "Without a graphics card, and whenever minutes count. Good from 16 to 96 pixels.",
        "cost": "low",
    }

    @dataclass(frozen=True)
    class Config:
        width: int = setting(
            32, "channels of the first stage; the features are 8 times as many", minimum=8, maximum=128
        )

    def __init__(self, config: Config) -> None:
        super().__init__(config, width=config.width, blocks=(1, 1, 1, 1), stem_stride=2)
