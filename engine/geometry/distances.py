"""Distances between points, in blocks that fit in memory."""

from __future__ import annotations

import numpy as np

from engine.types import Floats, Indices

BLOCK = 256  # rows whose distances to all others lie in memory at once


def squared_distances(points: Floats, to: Floats) -> Floats:
    """‖a - b‖² of points [N D] to others [M D]: [N M], never below 0."""
    squares = np.einsum("nd,nd->n", points, points)[:, None] + np.einsum("md,md->m", to, to) - 2 * points @ to.T
    distances: Floats = np.maximum(squares, 0)
    return distances


def distance_to_nearest(points: Floats, rows: Indices) -> Floats:
    """How far each point [N D] lies from the nearest of these rows [N]; infinite where there are none."""
    nearest = np.full(len(points), np.inf, np.float32)
    for start in range(0, len(rows), BLOCK):
        block = squared_distances(points, points[rows[start : start + BLOCK]])
        nearest = np.minimum(nearest, block.min(axis=1))
    distances: Floats = np.sqrt(nearest)
    return distances
