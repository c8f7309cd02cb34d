"""Space shared out among centres: the outlines of glands and of fat cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from engine.demo.noise import Shape, as_floats
from engine.types import Array, Floats, Indices

_FAR = 500.0  # pixels; stands for no neighbour at all


@dataclass(frozen=True)
class Cells:
    """A plane shared out: to whom each pixel belongs and how deep inside it lies."""

    owner: Indices  # [H W], number of the nearest centre
    radius: Floats  # [H W], pixels from that centre
    wall: Floats  # [H W], pixels from the border with the neighbours, corners rounded


def share_out(centres: Floats, grid: tuple[Floats, Floats], corner: float, step: int = 2) -> Cells:
    """Give every pixel to the nearest of centres [M 2], M ≥ 1, after moving it to its place in the (warped) grid.

    Args:
        grid: row and column [H W] at which each pixel is looked up.
        corner: pixels over which corners are rounded, > 0.
        step: pixels between the points where distances are computed; 1 where walls are thin as a line.
    """
    shape: Shape = (grid[0].shape[0], grid[0].shape[1])
    rows, columns = (axis[::step, ::step] for axis in grid)
    found: Any = cKDTree(centres).query(np.stack([rows.ravel(), columns.ravel()], axis=1), k=3)
    distances: Array = np.minimum(found[0], _FAR)  # infinite where there are fewer than three centres
    gaps = (distances[:, 1:] - distances[:, :1]) / 2
    wall = -corner * np.log(np.exp(-gaps / corner).sum(axis=1) + np.exp(-_FAR / corner))
    owner: Indices = found[1][:, 0].reshape(rows.shape)
    return Cells(
        owner=owner.repeat(step, axis=0).repeat(step, axis=1)[: shape[0], : shape[1]],
        radius=_enlarge(distances[:, 0].reshape(rows.shape), shape, step),
        wall=_enlarge(wall.reshape(rows.shape), shape, step),
    )


def gradient_angle(field: Floats) -> Floats:
    """Direction [H W] in which a field rises, radians from the column axis."""
    smooth = ndimage.gaussian_filter(field, 2)
    down, right = np.gradient(smooth)
    return as_floats(np.arctan2(down, right))


def _enlarge(coarse: Array, shape: Shape, step: int) -> Floats:
    """Linear interpolation of values taken at every step-th pixel."""
    rows, columns = (
        np.minimum(np.arange(side) / step, size - 1) for side, size in zip(shape, coarse.shape, strict=True)
    )
    top, left = rows.astype(np.int64), columns.astype(np.int64)
    below, beside = np.minimum(top + 1, coarse.shape[0] - 1), np.minimum(left + 1, coarse.shape[1] - 1)
    down, right = (rows - top)[:, None], columns - left
    tall = coarse[top] * (1 - down) + coarse[below] * down
    return as_floats(tall[:, left] * (1 - right) + tall[:, beside] * right)
