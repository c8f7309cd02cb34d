"""What every self-supervised method is: an encoder, what it adds to it, and a loss over a batch of views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.registry import Registry
from engine.settings import build
from engine.types import Array
from engine.views.recipe import Recipe


@dataclass(frozen=True)
class Batch:
    """Views [V B 3 H W]: in each column a positive pair, an image (view 0) and its partners (the others).

    Where processes train together, it holds the share of this one: B images from the `first` of `joint`.
    """

    views: Tensor
    rows: Tensor  # [V B] row of the table that each view shows
    kin: Callable[[Array, Array], Array] | None = None  # rows [M], [K] → mask [M K]; None where no prior knows any
    crops: Tensor | None = None  # [C B 3 h w] small views, for a method that asks; crop c shows rows[c % V]
    random: torch.Generator = field(default_factory=torch.Generator)  # this step's own numbers, on the CPU
    first: int = 0
    joint: int = 0  # images of all processes; 0 where this one has them all

    def akin(self, left: Tensor, right: Tensor) -> Tensor:
        """Which images a prior knows to be no fair negatives of each other.

        Args:
            left: rows [M] of the table, of whatever process.
            right: rows [K], UNKNOWN for an entry that is no image's.

        Returns:
            A mask [M K]; an image against itself need not be in it.
        """
        if self.kin is None:
            return torch.zeros(len(left), len(right), dtype=torch.bool, device=left.device)
        return torch.from_numpy(self.kin(left.cpu().numpy(), right.cpu().numpy())).to(left.device)

    def uniform(self, *shape: int) -> Tensor:
        """Random numbers [B *shape] in [0, 1), the same for an image however the batch is spread over processes."""
        return self._mine(torch.rand(self._joint, *shape, generator=self.random))

    def normal(self, *shape: int) -> Tensor:
        """Random numbers [B *shape] from the standard normal distribution, as `uniform`."""
        return self._mine(torch.randn(self._joint, *shape, generator=self.random))

    @property
    def _joint(self) -> int:
        return self.joint or self.rows.shape[1]

    def _mine(self, numbers: Tensor) -> Tensor:
        return numbers[self.first : self.first + self.rows.shape[1]].to(self.views.device)


@dataclass(frozen=True)
class SmallCrops:
    """Small views beside the whole ones, cheap and many: multi-crop, Caron et al., NeurIPS 2020."""

    count: int
    size: int  # side in pixels
    smallest: float  # share of the image's area that a crop shows at least,
    largest: float  # and at most


class Method(nn.Module):
    """A subclass declares its `Config` (frozen, of settings) and writes `loss`.

    A method that learns from each image by itself says "views": 1 in its card: no prior can give it partners.
    """

    name: ClassVar[str]
    Config: ClassVar[type]
    card: ClassVar[dict[str, object]]  # what the catalogue shows beside title, source and settings
    projector: nn.Module

    def __init__(self, encoder: Encoder, config: Any) -> None:
        super().__init__()
        self.encoder = encoder
        self.config = config

    @property
    def views(self) -> int:
        """Views of one thing that the loss needs: 2 or 1."""
        return int(str(self.card.get("views", 2)))

    def make_room(self, images: int) -> None:
        """Called once, when the method is built: room for what it keeps of each image of the table, if anything."""

    def recipe(self, asked: Recipe) -> Recipe:
        """The views to draw, given those asked for: a method takes out what would give its task away or spoil it."""
        return asked

    def small_crops(self, size: int) -> SmallCrops | None:
        """The small views it wants beside those of `size` pixels, if any."""
        return None

    def before_epoch(self, epoch: int, embed: Callable[[], Tensor]) -> None:
        """Called before the first step of each epoch (from 0); `embed()` gives the features [N D] of all images.

        Random numbers must come from the epoch alone or from the state, so that a resumed run does the same.
        """

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        """Scalars by name: "total" to minimise, "trivial" what a network that has learnt nothing gets."""
        raise NotImplementedError

    def project(self, images: Tensor) -> Tensor:
        """Images [B 3 H W] → what the loss compares [B D]; the monitors look at it.

        A method that has a `projector` on top of the encoder need not write it.
        """
        projections: Tensor = self.projector(self.encoder(images))
        return projections

    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        """What there is to look at: images [B 3 H W] → pictures [B 3 H W] by title, in order, normalised alike."""
        return {}

    def assignments(self, images: Tensor) -> Tensor | None:
        """The cluster [B] of each image [B 3 H W], for a method that makes clusters."""
        return None

    def keeps(self) -> dict[str, Any]:
        """What a later stage (see engine.methods.stage) needs beside the encoder, as plain data for a checkpoint."""
        return {}

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
