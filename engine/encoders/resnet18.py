"""ResNet-18: the usual small network, with a stem that keeps every pixel of small images.

He et al., CVPR 2016, https://arxiv.org/abs/1512.03385. Differs: the stem is one 3x3 convolution without max-pooling (as
Chen et al., ICML 2020, appendix B.9 do for CIFAR-10), of stride 1 for images up to 48 pixels; for larger ones choose
stride 2, which costs a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.encoders.base import ENCODERS
from engine.encoders.resnet import ResNet
from engine.settings import setting


@ENCODERS.register("resnet18")
class ResNet18(ResNet):
    card: ClassVar[dict[str, object]] = {
        "family": "residual network",
        "features": 512,
        "inits": ["random"],
        "when_to_use": "With a graphics card, or overnight: about 15 times the cost of nano.",
        "cost": "high",
    }

    @dataclass(frozen=True)
    class Config:
        stem_stride: int = setting(1, "1 for images up to 48 pixels, 2 for larger ones", minimum=1, maximum=2)

    def __init__(self, config: Config) -> None:
        super().__init__(config, width=64, blocks=(2, 2, 2, 2), stem_stride=config.stem_stride)
