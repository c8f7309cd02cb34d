"""Batches whose images differ from each other: the next of a ranking that is no neighbour, the farthest from all."""

from __future__ import annotations

import numpy as np

from engine.geometry.distances import squared_distances
from engine.geometry.neighbours import Graph
from engine.types import Array, Floats, Indices


def apart(ranking: Indices, graph: Graph, count: int) -> list[int]:
    """The first of a ranking, leaving out who has one of them among its nearest neighbours, or is among theirs.

    Args:
        ranking: rows, the best first.
        graph: neighbours.
        count: how many; neighbours come in after all when nothing else is left.
    """
    chosen: list[int] = []
    taken: set[int] = set()
    around: set[int] = set()
    waiting: list[int] = []
    for row in map(int, ranking):
        if len(chosen) == count:
            return chosen
        if row in around or not taken.isdisjoint(graph.indices[row].tolist()):
            waiting.append(row)
            continue
        chosen.append(row)
        taken.add(row)
        around.update(graph.indices[row].tolist())
    return [*chosen, *waiting[: count - len(chosen)]]


def farthest_first(
    points: Floats, nearest: Floats, allowed: Array, count: int, worth: Floats | None = None
) -> tuple[list[int], list[float]]:
    """One after the other the image farthest from all labelled and chosen ones, and how far: the greedy k-centre.

    Args:
        points: [N D].
        nearest: distance to the nearest labelled image [N]; infinite where nothing is labelled.
        allowed: bool [N], who may be chosen.
        count: how many.
        worth: what the distance of each is multiplied with [N]; 1 by default. Decides alone who comes first where
            nothing is labelled.
    """
    worth = np.ones(len(points), np.float32) if worth is None else worth
    nearest, allowed = nearest.copy(), allowed.copy()
    rows: list[int] = []
    distances: list[float] = []
    for _ in range(min(count, int(allowed.sum()))):
        score = worth * nearest if np.isfinite(nearest).all() else worth
        row = int(np.where(allowed, score, -np.inf).argmax())
        rows.append(row)
        distances.append(float(nearest[row]))
        allowed[row] = False
        nearest = np.minimum(nearest, np.sqrt(squared_distances(points, points[[row]])[:, 0]))
    return rows, distances
