"""Cohesion: which images of a selection belong together among all dimensions, and not just on the map.

A map of two dimensions lays some images beside others that they are not like. Two images are tied where one is among
the nearest of the other and they share enough of their nearest, after Jarvis and Patrick, IEEE Transactions on
Computers 1973, https://doi.org/10.1109/T-C.1973.223640; the largest set that hangs together by ties inside the
selection is what belongs together. Differs: one of the two being near the other is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.geometry.neighbours import Graph
from engine.types import UNKNOWN, Array, Indices

NEAREST = 15  # neighbours of each image that are looked at
SHARED = 2  # of them that two images must have in common; one alone may be a bridge between two groups
BLOCK = 20_000  # pairs compared at a time


@dataclass(frozen=True, eq=False)
class Cohesion:
    """A selection of M images, taken apart. Places count within the selection."""

    together: Indices  # of the images that belong together, in the order of the selection
    apart: Indices  # of all others, the least tied to those first
    second: int  # size of the largest group among the others; 1 where each stands alone, 0 where there are none

    @property
    def order(self) -> Indices:
        """All places [M], those that stand apart first."""
        return np.concatenate([self.apart, self.together])

    @property
    def sentence(self) -> str:
        """How far the selection is one, in words; "" where all of it belongs together."""
        inside, outside = len(self.together), len(self.apart)
        if not outside:
            return ""
        if inside <= outside:
            return f"No one group: the largest holds {inside:,} of {inside + outside:,}"
        first = "1 does not: shown first" if outside == 1 else f"{outside:,} do not: shown first"
        return f"{inside:,} of {inside + outside:,} belong together; {first}"


def cohesion(graph: Graph, rows: Indices) -> Cohesion:
    """Find which images of a selection belong together.

    Args:
        graph: neighbours of all images.
        rows: the selection [M], rows of the graph, each once, M ≥ 1.
    """
    starts, ends = _ties(graph, rows)
    ties = coo_array((np.ones(len(starts), np.int8), (starts, ends)), shape=(len(rows), len(rows)))
    _, group = connected_components(ties, directed=False)
    sizes = np.bincount(group)
    inside = group == sizes.argmax()
    near = _share_near(graph, rows, inside)
    apart = np.flatnonzero(~inside)
    others = np.delete(sizes, sizes.argmax())
    return Cohesion(
        together=np.flatnonzero(inside),
        apart=apart[np.argsort(near[apart], kind="stable")],
        second=int(others.max(initial=0)),
    )


def _ties(graph: Graph, rows: Indices) -> tuple[Indices, Indices]:
    """The pairs of places [E] and [E] that are tied."""
    near = graph.indices[:, :NEAREST]
    place = np.full(len(graph), UNKNOWN, np.int64)
    place[rows] = np.arange(len(rows))
    ends = place[near[rows]]
    starts, column = np.nonzero(ends != UNKNOWN)
    ends = ends[starts, column]
    needed = min(SHARED, near.shape[1] - 1)
    shared = np.concatenate(
        [np.zeros(0, np.int64)]
        + [
            (near[rows[starts[at : at + BLOCK]], :, None] == near[rows[ends[at : at + BLOCK]], None, :]).sum((1, 2))
            for at in range(0, len(starts), BLOCK)
        ]
    )
    return starts[shared >= needed], ends[shared >= needed]


def _share_near(graph: Graph, rows: Indices, inside: Array) -> Indices:
    """How many of each image's nearest [M] belong together."""
    member = np.zeros(len(graph), bool)
    member[rows[inside]] = True
    count: Indices = member[graph.indices[rows, :NEAREST]].sum(axis=1)
    return count
