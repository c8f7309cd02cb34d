"""Points that keep their distance, as cells and glands do."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from engine.demo.noise import Shape, pixels_of
from engine.types import Array, Floats


def scatter(
    shape: Shape,
    spacing: float,
    rng: np.random.Generator,
    *,
    where: Array | None = None,
    margin: float = 0,
    tries: int = 4,
) -> Floats:
    """Points [M 2] (row, column), none nearer than `spacing` pixels to another, in the mask `where` [H W] if given.

    Args:
        where: outside the mask's own edge its border counts on.
        margin: pixels beyond the edge that are filled too, so that what is drawn there can reach in.
        tries: candidates for every spacing² of area; more pack tighter, at a cost.
    """
    height, width = shape[0] + 2 * margin, shape[1] + 2 * margin
    count = max(1, round(tries * height * width / spacing**2))
    points = (rng.random((count, 2)) * (height, width) - margin).astype(np.float32)
    if where is not None:
        points = points[where[pixels_of(points, shape)]]
    return thin(points, spacing)


def scatter_along(mask: Array, spacing: float, rng: np.random.Generator) -> Floats:
    """Points [M 2] in a thin mask [H W] (a line, a ring), none nearer than `spacing` pixels to another."""
    pixels = np.argwhere(mask)
    points = rng.permutation(pixels).astype(np.float32) + rng.uniform(-0.5, 0.5, size=pixels.shape).astype(np.float32)
    return thin(points, spacing)


def thin(points: Floats, spacing: float) -> Floats:
    """Those points [M 2] that are left when each, in order, removes all later ones nearer than `spacing`."""
    if len(points) < 2:
        return points
    pairs = cKDTree(points).query_pairs(spacing, output_type="ndarray")
    earlier, later = pairs[:, 0], pairs[:, 1]  # the smaller number stands first
    kept = np.zeros(len(points), dtype=bool)
    open_ = np.ones(len(points), dtype=bool)
    while open_.any():
        beaten = np.zeros(len(points), dtype=bool)
        beaten[later] = True
        winners = open_ & ~beaten  # nobody earlier stands near
        kept |= winners
        open_ &= ~winners
        open_[later[winners[earlier]]] = False
        still = open_[earlier] & open_[later]
        earlier, later = earlier[still], later[still]
    return points[kept]
