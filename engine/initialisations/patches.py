"""What the filters of a layer see: patches of its input, some of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.types import UNKNOWN

Layer: TypeAlias = nn.Conv2d | nn.Linear

COUNT = 8_000  # patches taken


@dataclass(frozen=True)
class Patches:
    """Some patches of a layer's input, each as the vector that a filter is multiplied with."""

    values: Tensor  # [P D]
    labels: Tensor  # [P] class of the image that each comes from, UNKNOWN where it has none


def patches_of(layer: Layer, seen: Tensor, labels: Tensor, generator: torch.Generator) -> Patches:
    """What a layer sees of its input, at random places; half of it in labelled images, where there are any.

    Args:
        layer: a convolution, or a linear layer over tokens.
        seen: its input, [M C h w] or [M n D].
        labels: class [M] of the images.
        generator: of the places.
    """
    windows = windows_of(layer, seen) if isinstance(layer, nn.Conv2d) else seen.transpose(1, 2)[..., None, None, None]
    rows, columns = (torch.randint(size, (COUNT,), generator=generator) for size in windows.shape[2:4])
    images = torch.randint(len(seen), (COUNT,), generator=generator)
    known = (labels != UNKNOWN).nonzero()[:, 0]
    if len(known):
        images[: COUNT // 2] = known[torch.randint(len(known), (COUNT // 2,), generator=generator)]
    return Patches(windows[images, :, rows, columns].flatten(1).float(), labels[images])


def windows_of(layer: nn.Conv2d, maps: Tensor) -> Tensor:
    """Every patch of maps [M C h w] that a convolution sees, as a view [M C h' w' high wide]."""
    reach = [far * (side - 1) + 1 for far, side in zip(layer.dilation, layer.kernel_size, strict=True)]
    around = layer.padding if isinstance(layer.padding, tuple) else [side // 2 for side in reach]
    short = [max(0, reach[axis] - maps.shape[2 + axis] - 2 * around[axis]) for axis in range(2)]
    padded = F.pad(maps, (around[1], around[1] + short[1], around[0], around[0] + short[0]))
    windows = padded.unfold(2, reach[0], layer.stride[0]).unfold(3, reach[1], layer.stride[1])
    return windows[..., :: layer.dilation[0], :: layer.dilation[1]]
