"""The torchvision encoders: those that HistoTransfer compares are registered, all others come when asked for by name.

Sharma et al., 2021, https://arxiv.org/abs/2106.07068, compares them on histopathology.
"""

from __future__ import annotations

import functools
from typing import Any

import torchvision.models
from torchvision.models import Weights, get_model_weights, list_models

from engine.encoders.architectures import OTHER_COLOURS, Family, family_of
from engine.encoders.base import ENCODERS
from engine.encoders.torchvision_net import TorchvisionNet

PREFIX = "torchvision:"
MEBIBYTE = 1.048576  # million bytes; torchvision states file sizes in it
SMALLEST_FITTED = 16  # pixels: with the fitted stem at least one place of the last map is left of them
USUAL_SIDE = 224  # pixels, at which ImageNet weights are trained

_HISTO_TRANSFER = {  # architecture → title, features, cost, when to use
    "resnet18": ("ResNet-18 (torchvision)", 512, "high", "ImageNet weights of the field's usual small network."),
    "resnet34": ("ResNet-34 (torchvision)", 512, "high", "Twice ResNet-18, for tens of thousands of images."),
    "resnet50": ("ResNet-50", 2048, "high", "To compare with papers, most of which use it. With a graphics card."),
    "densenet121": ("DenseNet-121", 1024, "high", "Few weights for its depth, much memory. With a graphics card."),
    "densenet169": ("DenseNet-169", 1664, "high", "Deeper than DenseNet-121, and slower. With a graphics card."),
    "efficientnet_b0": ("EfficientNet-B0", 1280, "medium", "From ImageNet weights, where the download may be small."),
    "efficientnet_b1": ("EfficientNet-B1", 1280, "high", "Deeper than B0, for larger images."),
    "efficientnet_b2": ("EfficientNet-B2", 1408, "high", "Deeper and wider than B1, for larger images."),
    "efficientnet_b3": (
        "EfficientNet-B3",
        1536,
        "high",
        "The largest of the four, for large images and a graphics card.",
    ),
}


def names() -> list[str]:
    """Every classification architecture of the installed torchvision that is known here, and of which the stem is."""
    return [name for name in list_models(module=torchvision.models) if family_of(name)]


@functools.cache
def make(architecture: str) -> type[TorchvisionNet]:
    """The encoder class of an architecture, with its card; no weight is made yet."""
    family = family_of(architecture)
    assert family, architecture
    title, features, cost, when = _HISTO_TRANSFER.get(
        architecture, (f"{architecture} (torchvision)", None, "high", "When you know this network and want it.")
    )
    summary = (
        f"a {family.kind} of torchvision, with a stem fitted to small images"
        if family.stem
        else (f"a {family.kind} of torchvision")
    )
    members: dict[str, Any] = {
        "__doc__": f"{title}: {summary}.\n\n{family.paper}.",
        "__module__": __name__,
        "architecture": architecture,
        "family": family,
        "card": _card(architecture, family, cost, when) | ({"features": features} if features else {}),
        "inits": _inits(architecture),
        "input_size": USUAL_SIDE,
        "smallest_size": SMALLEST_FITTED if family.stem else family.smallest,
    }
    return type(f"Torchvision_{architecture}", (TorchvisionNet,), members)


def _inits(architecture: str) -> tuple[str, ...]:
    return ("random", "imagenet") if _weights(architecture) else ("random",)


def _card(architecture: str, family: Family, cost: str, when: str) -> dict[str, Any]:
    card: dict[str, Any] = {
        "family": family.kind,
        "inits": list(_inits(architecture)),
        "input_size": USUAL_SIDE,
        "smallest_size": SMALLEST_FITTED if family.stem else family.smallest,
        "smallest_unfitted": family.smallest,
        "when_to_use": when,
        "cost": cost,
        "licence": "torchvision: BSD-3-Clause; its weights were learnt from ImageNet, whose terms may bind them",
    }
    if weights := _weights(architecture):
        card["download"] = {
            "file": weights.url.rsplit("/", 1)[1],
            "url": weights.url,
            "megabytes": round(weights.meta["_file_size"] * MEBIBYTE),
        }
    return card


def _weights(architecture: str) -> Weights | None:
    """The first ImageNet weights: for ResNet and DenseNet those of plain training. Later recipes, with label smoothing
    and the like, classify ImageNet better and carry over worse (Kornblith et al., NeurIPS 2021,
    https://arxiv.org/abs/2010.16402). None where the colours would not fit, or where there are only weights of SWAG,
    whose licence is non-commercial.
    """
    if architecture in OTHER_COLOURS:
        return None
    weights: Weights | None = get_model_weights(architecture).__members__.get("IMAGENET1K_V1")
    return weights


for _name in _HISTO_TRANSFER:
    ENCODERS.register(f"{PREFIX}{_name}")(make(_name))
ENCODERS.register_family(PREFIX, names, make)
