"""What every self-supervised method is: an encoder, what it adds to it, and a loss over a batch of views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.registry import Registry
from engine.settings import build


@dataclass(frozen=True)
class Batch:
    """Views [V B 3 H W]: in each column a positive pair, an image (view 0) and its partners (the others)."""

    views: Tensor
    rows: Tensor  # [V B] row of the table that each view shows
    groups: Tensor | None = None  # [V B] group of each row, UNKNOWN for none; None where no prior knows groups


class Method(nn.Module):
    """A subclass declares its `Config` (frozen, of settings) and writes `loss` and `project`."""

    name: ClassVar[str]
    Config: ClassVar[type]
    card: ClassVar[dict[str, object]]  # what the catalogue shows beside title, source and settings

    def __init__(self, encoder: Encoder, config: Any) -> None:
        super().__init__()
        self.encoder = encoder
        self.config = config

    def make_room(self, images: int) -> None:
        """Called once, when the method is built: room for what it keeps of each image of the table, if anything."""

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        """Scalars by name: "total" to minimise, "trivial" what a network that has learnt nothing gets."""
        raise NotImplementedError

    def project(self, images: Tensor) -> Tensor:
        """Images [B 3 H W] → what the loss compares [B D]; the monitors look at it."""
        raise NotImplementedError

    def after_step(self, progress: float) -> None:
        """Called after each step of the optimiser; progress is the share of the run that is done, in (0, 1]."""


METHODS: Registry[type[Method]] = Registry("method")


def build_method(name: str, encoder: Encoder, settings: Mapping[str, Any], seed: int = 0, images: int = 0) -> Method:
    """A method around an encoder; its own random weights depend on the seed alone.

    Args:
        name: as registered.
        encoder: what is trained.
        settings: of the method's Config, by name.
        seed: of the random weights.
        images: rows of the table, for the methods that keep something of each.

    Raises:
        UnknownName: no such method, or a setting that it does not have.
        SettingInvalid: a value out of range.
    """
    kind = METHODS[name]
    config: Any = build(kind.Config, settings)
    with torch.random.fork_rng(devices=[]):  # weights are drawn on the CPU, whatever device comes later
        torch.default_generator.manual_seed(seed)
        method = kind(encoder, config)
        method.make_room(images)
    return method
