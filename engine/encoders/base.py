"""What every encoder is: a network from normalised images to one vector each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from engine.encoders.weights import Match, flat, match
from engine.errors import CheckpointUnreadable, SettingInvalid
from engine.registry import Registry
from engine.settings import build


class Encoder(nn.Module):
    """Images [B 3 H W], normalised as engine.views.draw does, to features [B D].

    A subclass declares its `Config` (frozen, of settings) and sets `width` (D). `inits` names where its first weights
    can come from; `input_size` is the side in pixels at which pretrained weights see best, None where any will do.
    """

    name: ClassVar[str]
    Config: ClassVar[type]
    card: ClassVar[dict[str, object]]  # what the catalogue shows beside title, source and settings
    inits: ClassVar[tuple[str, ...]] = ("random",)
    wrapper: ClassVar[str] = ""  # what its weights' names begin with beyond those in files of other programs

    width: int
    input_size: int | None = None
    smallest_size: int = 16  # side in pixels below which nothing would be left of an image

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config

    def forward(self, images: Tensor) -> Tensor:
        raise NotImplementedError

    def maps(self, images: Tensor) -> Tensor:
        """Features in place [B D h w], whose mean over places is what `forward` gives, for methods that decode.

        Raises:
            SettingInvalid: the encoder has none.
        """
        raise SettingInvalid(
            f"The encoder {self.name} keeps no features in place, which this method needs. Choose nano or resnet18."
        )

    def attention(self, images: Tensor) -> Tensor | None:
        """Where it looks [B heads h w], each map summing to at most 1; None for encoders without attention."""
        return None

    @classmethod
    def settle(cls, config: Any, size: int, weights: Mapping[str, Tensor] | None) -> Any:
        """The config, with what it leaves open decided by the images' side (0: unknown) and the weights to come."""
        return config

    @classmethod
    def pretrained_weights(cls) -> dict[str, Any]:
        """The weights that the init "imagenet" means; only called where `inits` lists it.

        Raises:
            WeightsMissing: they are not on this machine.
        """
        raise NotImplementedError


ENCODERS: Registry[type[Encoder]] = Registry("encoder")


def build_encoder(
    name: str, settings: Mapping[str, Any], init: str = "random", seed: int = 0, size: int = 0
) -> Encoder:
    """An encoder whose random weights depend on the seed alone; torch's own generator is left as it was.

    Args:
        size: side in pixels of the images that it will see, by which it may choose its stem; 0 for unknown.

    Raises:
        UnknownName: no such encoder, or a setting that it does not have.
        SettingInvalid: an init that it does not have, or a value out of range.
        WeightsMissing: its pretrained weights are not on this machine.
    """
    kind = ENCODERS[name]
    if init not in kind.inits:
        raise SettingInvalid(
            f"The encoder {name} starts from {' or '.join(kind.inits)} weights; “{init}” is neither of them here. "
            "Choose one of these, an encoder that has such weights, or a run of this project to go on from."
        )
    if init == "imagenet":
        return build_around(name, settings, flat(kind.pretrained_weights()), seed, size)[0]
    return _build(name, settings, None, seed, size)


def build_around(
    name: str, settings: Mapping[str, Any], weights: Mapping[str, Tensor], seed: int = 0, size: int = 0
) -> tuple[Encoder, Match]:
    """An encoder with the weights of any file, flat by name, and which of them fitted; the rest depends on the seed.

    Raises:
        UnknownName, SettingInvalid: as `build_encoder`.
        CheckpointUnreadable: the weights are of another network.
    """
    encoder = _build(name, settings, weights, seed, size)
    own = encoder.state_dict()
    fitting = match(own, weights, encoder.wrapper)
    encoder.load_state_dict({**own, **fitting.weights})
    return encoder, fitting


def _build(
    name: str, settings: Mapping[str, Any], weights: Mapping[str, Tensor] | None, seed: int, size: int
) -> Encoder:
    kind = ENCODERS[name]
    config = kind.settle(build(kind.Config, settings), size, weights)
    with torch.random.fork_rng(devices=[]):  # weights are drawn on the CPU, whatever device comes later
        torch.default_generator.manual_seed(seed)
        return kind(config).to(memory_format=torch.channels_last)


def load_weights(encoder: Encoder, weights: Mapping[str, Tensor]) -> None:
    """Take over the weights of an encoder of the same kind and settings.

    Raises:
        CheckpointUnreadable: they were made for another network.
    """
    try:
        encoder.load_state_dict(weights)
    except RuntimeError as error:
        raise CheckpointUnreadable(
            f"These weights were not made for the encoder {encoder.name} with {asdict(encoder.config)}. "
            "Choose the encoder and the settings of the run they come from."
        ) from error
