"""Encoders: images in, one vector each out. A new one is a file here and a line below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.encoders import efficientnet, nano, nano_vit, resnet18, torchvision
from engine.encoders.base import ENCODERS, Encoder, build_around, build_encoder, load_weights
from engine.encoders.two_stains import TwoStains
from engine.encoders.weights import flat, read_checkpoint
from engine.errors import CheckpointUnreadable

__all__ = [
    "ENCODERS",
    "Encoder",
    "TwoStains",
    "build_around",
    "build_encoder",
    "efficientnet",
    "flat",
    "holds_packed",
    "load_weights",
    "nano",
    "nano_vit",
    "pack",
    "read_checkpoint",
    "resnet18",
    "torchvision",
    "unpack",
]


def pack(encoder: Encoder) -> dict[str, Any]:
    """Everything needed to build this encoder again, as plain data for a checkpoint."""
    packed = {"encoder": encoder.name, "settings": asdict(encoder.config), "weights": encoder.state_dict()}
    return packed | ({"two_stains": encoder.colours} if isinstance(encoder, TwoStains) else {})


def holds_packed(state: Mapping[str, Any]) -> bool:
    """Whether `pack` made this state, so that `unpack` gives the encoder."""
    return {"encoder", "settings", "weights"} <= set(state)


def unpack(state: Mapping[str, Any]) -> Encoder:
    """The encoder that was packed.

    Raises:
        CheckpointUnreadable: the state does not hold one.
    """
    missing = {"encoder", "settings", "weights"} - set(state)
    if missing:
        raise CheckpointUnreadable(
            f"This file holds no encoder (it lacks {', '.join(sorted(missing))}). Use another run."
        )
    encoder = build_encoder(state["encoder"], state["settings"], "random")
    if "two_stains" in state:
        encoder = TwoStains(encoder, state["two_stains"])
    load_weights(encoder, state["weights"])
    return encoder
