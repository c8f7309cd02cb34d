"""Space shared out among centres: the outlines of glands and of fat cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from engine.demo.noise import Shape, as_floats, sample
from engine.types import Array, Floats, Indices

_FAR = 500.0  # pixels; stands for no neighbour at all


@dataclass(frozen=True)
class Cells:
    """A plane shared out: to whom each pixel belongs and how deep inside it lies."""

    owner: Indices  # [H W], number of the nearest centre
    radius: Floats  # [H W], pixels from that centre
    wall: Floats  # [H W], pixels from the border with the neighbours, corners rounded


def share_out(
    centres: Floats, grid: tuple[Floats, Floats], corner: float, *, step: int = 2, near: Array | None = None
) -> Cells:
    """Give every pixel to the nearest of centres [M 2], M ≥ 1, after moving it to its place in the (warped) grid.

    Args:
        grid: row and column [H W] at which each pixel is looked up.
        corner: pixels over which corners are rounded, > 0.
        step: pixels between the points where distances are computed; 1 where walls are thin as a line.
        near: mask [H W] of the pixels that matter; the others are far from everything, and cost nothing.
    """
    shape: Shape = (grid[0].shape[0], grid[0].shape[1])
    rows, columns = (axis[::step, ::step] for axis in grid)
    wanted = np.ones(rows.shape, dtype=bool) if near is None else near[::step, ::step]
    found: Any = cKDTree(centres).query(np.stack([rows[wanted], columns[wanted]], axis=1), k=3)
    distances: Array = np.minimum(found[0], _FAR)  # infinite where there are fewer than three centres
    gaps = (distances[:, 1:] - distances[:, :1]) / 2
    wall = -corner * np.log(np.exp(-gaps / corner).sum(axis=1) + np.exp(-_FAR / corner))
    owner: Indices = _spread_out(found[1][:, 0], wanted, 0)
    return Cells(
        owner=owner.repeat(step, axis=0).repeat(step, axis=1)[: shape[0], : shape[1]],
        radius=enlarge(_spread_out(distances[:, 0], wanted, _FAR), shape, step),
        wall=enlarge(_spread_out(wall, wanted, 0), shape, step),
    )


def surroundings(where: Floats, distance: float) -> Array:
    """Mask [H W] of the pixels nearer than `distance` to where `where` [H W] > 0.5; in blocks, so a few more."""
    block = 16
    coarse = ndimage.binary_dilation(where[::block, ::block] > 0.5, iterations=int(np.ceil(distance / block)) + 1)
    return coarse.repeat(block, axis=0).repeat(block, axis=1)[: where.shape[0], : where.shape[1]]


def rise_angles(field: Floats, points: Floats) -> Floats:
    """Direction [M] in which a field [H W] rises at points [M 2], radians from the column axis."""
    below, beside = np.array([[2, 0], [0, 2]], dtype=np.float32)  # two pixels, so that a single one decides nothing
    down = sample(field, points + below) - sample(field, points - below)
    right = sample(field, points + beside) - sample(field, points - beside)
    return as_floats(np.arctan2(down, right))


def _spread_out(values: Array, wanted: Array, elsewhere: float) -> Array:
    """Values back in their places in the sheet, `elsewhere` in the others."""
    sheet = np.full(wanted.shape, elsewhere, dtype=values.dtype)
    sheet[wanted] = values
    return sheet


def enlarge(coarse: Array, shape: Shape, step: int) -> Floats:
    """Linear interpolation of values taken at every step-th pixel."""
    rows, columns = (
        np.minimum(np.arange(side) / step, size - 1) for side, size in zip(shape, coarse.shape, strict=True)
    )
    top, left = rows.astype(np.int64), columns.astype(np.int64)
    below, beside = np.minimum(top + 1, coarse.shape[0] - 1), np.minimum(left + 1, coarse.shape[1] - 1)
    down, right = (rows - top)[:, None], columns - left
    tall = coarse[top] * (1 - down) + coarse[below] * down
    return as_floats(tall[:, left] * (1 - right) + tall[:, beside] * right)
