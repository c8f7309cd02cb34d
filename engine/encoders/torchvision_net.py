"""Any classification network of torchvision, without its classifier: the features in place, and their mean.

The names of torchvision.models are the names here, as in torchvision:densenet121. Differs from torchvision: no dropout
and no stochastic depth, since a run has to follow from its seed alone; the vector is the mean of the last feature map,
so the layers of classifiers deeper than one (VGG, AlexNet, MobileNetV3, ConvNeXt's norm) are left out with them; and
the stem may be fitted to small images (`small_stem`).

A fitted stem is a first convolution of 3x3 with stride 1 and no max-pooling, as Chen et al., ICML 2020, appendix B.9
have it for CIFAR-10: every stage sees the image 4 times finer (twice where the first kernel was 3x3 before). From given
weights of 7x7 the centre of the kernel is kept: its outer rings, the wide edges and colour gradients that they saw, are
lost; the scale of everything behind is another than the weights were made for, as are the norms' statistics. Train on
before relying on it. By itself (`auto`) given weights keep the stem that they were made with.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import get_model
from torchvision.ops import StochasticDepth

from engine.encoders.architectures import Family
from engine.encoders.base import Encoder
from engine.encoders.weights import read_checkpoint
from engine.errors import SettingInvalid, WeightsMissing
from engine.home import weights_folder
from engine.settings import setting

HEADS = ("avgpool", "flatten", "dropout", "fc", "classifier", "head", "heads", "aux1", "aux2", "AuxLogits")
LARGEST_SMALL = 48  # side in pixels up to which `auto` fits the stem; beyond, it costs more than it brings


class TorchvisionNet(Encoder):
    """Subclasses, made by engine.encoders.torchvision, say which architecture."""

    architecture: ClassVar[str]
    family: ClassVar[Family]
    wrapper = "body."

    @dataclass(frozen=True)
    class Config:
        small_stem: str = setting(
            "auto",
            "keep every pixel in the first layers; auto does so for random weights and images up to 48 pixels",
            choices=("auto", "yes", "no"),
        )

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        fits = config.small_stem == "yes"
        if fits and not self.family.stem:
            raise SettingInvalid(f"{self.name} has no stem that could be fitted to small images. Set small_stem=no.")
        inception = self.family.kind == "inception network"
        net = get_model(self.architecture, **({"aux_logits": False, "init_weights": False} if inception else {}))
        self.width = _head_inputs(net)
        self.body = _without_head(net)
        for module in self.body.modules():
            if isinstance(module, StochasticDepth | nn.Dropout):
                module.p = 0.0
        if fits:
            _fit_stem(self.body)

    @classmethod
    def settle(cls, config: Config, size: int, weights: Mapping[str, Tensor] | None) -> Config:
        if config.small_stem != "auto":
            return config
        if weights is None:
            small = cls.family.stem > 0 and size <= LARGEST_SMALL
        else:  # a first kernel of 3x3 where the original has 7x7 was made for small images
            first = (value.shape[-1] for value in weights.values() if value.ndim == 4 and value.shape[1] == 3)
            small = cls.family.stem == 7 and next(first, 7) == 3
        return replace(config, small_stem="yes" if small else "no")

    @classmethod
    def pretrained_weights(cls) -> dict[str, Any]:
        download: Any = cls.card["download"]
        path = weights_folder() / download["file"]
        if not path.is_file():
            raise WeightsMissing(f"The ImageNet weights of {cls.name} are not at {path}. Put {download['url']} there.")
        return read_checkpoint(path)

    def forward(self, images: Tensor) -> Tensor:
        if self.family.prefix == "vit":
            vectors: Tensor = self.body(self._sized(images))
            return vectors
        return self.maps(images).mean(dim=(2, 3))

    def maps(self, images: Tensor) -> Tensor:
        if self.family.prefix == "vit":
            return super().maps(images)
        features: Tensor = self.body(self._sized(images))
        return features

    def _sized(self, images: Tensor) -> Tensor:
        side = self.family.fixed
        if not side or images.shape[-2:] == (side, side):
            return images
        return F.interpolate(images, (side, side), mode="bilinear", align_corners=False, antialias=True)


def _head_inputs(net: nn.Module) -> int:
    """The features that the classifier takes from each place of the last map."""
    head = next(getattr(net, name) for name in HEADS if name not in HEADS[:3] and hasattr(net, name))
    first = next(layer for layer in head.modules() if isinstance(layer, nn.Linear | nn.Conv2d))
    if isinstance(first, nn.Conv2d):
        return first.in_channels
    pooled = getattr(getattr(net, "avgpool", None), "output_size", 1)
    places = pooled[0] * pooled[1] if isinstance(pooled, tuple) else 1
    return first.in_features // places


def _without_head(net: nn.Module) -> nn.Module:
    """Everything before the classifier and its pooling, under the same names: the weights of a file still fit."""
    if hasattr(net, "heads"):  # a vision transformer: not one module after the other
        net.heads = nn.Identity()
        return net
    kept = {
        name: nn.Sequential(*child) if isinstance(child, nn.ModuleList) else child
        for name, child in net.named_children()
        if name not in HEADS
    }
    if isinstance(getattr(net, "classifier", None), nn.Linear):  # DenseNet: its last activation is a function
        kept["relu"] = nn.ReLU(inplace=True)
    return nn.Sequential(OrderedDict(kept))


def _fit_stem(body: nn.Module) -> None:
    """A first convolution of 3x3 with stride 1, and no max-pooling."""
    path, first = next((path, layer) for path, layer in body.named_modules() if isinstance(layer, nn.Conv2d))
    fitted = nn.Conv2d(first.in_channels, first.out_channels, 3, padding=1, bias=first.bias is not None)
    nn.init.kaiming_normal_(fitted.weight, mode="fan_out", nonlinearity="relu")
    body.set_submodule(path, fitted)
    pools = [path for path, layer in body.named_modules() if isinstance(layer, nn.MaxPool2d)]
    for path in pools:
        body.set_submodule(path, nn.Identity())
