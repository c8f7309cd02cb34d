"""Distances between points, in blocks that fit in memory."""

from __future__ import annotations

import numpy as np

from engine.types import Floats

BLOCK = 256  # points to which the distances of all others lie in memory at once


def squared_distances(points: Floats, to: Floats) -> Floats:
    """‖a - b‖² of points [N D] to others [M D]: [N M], never below 0."""
    distances: Floats = points @ to.T
    distances *= -2
    distances += squared_lengths(points)[:, None]
    distances += squared_lengths(to)
    return np.maximum(distances, 0, out=distances)


def distance_to_nearest(points: Floats, to: Floats) -> Floats:
    """How far each point [N D] lies from the nearest of others [M D]: [N]; infinite where there are none."""
    nearest = np.full(len(points), np.inf, np.float32)  # of ‖b‖² - 2 a·b: what ‖a‖² adds is the same for every b
    lengths = squared_lengths(to)
    for start in range(0, len(to), BLOCK):
        block = points @ (-2 * to[start : start + BLOCK]).T
        block += lengths[start : start + BLOCK]
        np.minimum(nearest, block.min(axis=1), out=nearest)
    distances: Floats = np.sqrt(np.maximum(nearest + squared_lengths(points), 0))
    return distances


def squared_lengths(points: Floats) -> Floats:
    """‖a‖² of each point [N D]: [N]."""
    lengths: Floats = np.einsum("nd,nd->n", points, points)
    return lengths
