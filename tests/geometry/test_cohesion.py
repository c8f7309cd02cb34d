"""Which images of a selection belong together among all dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.geometry.cohesion import cohesion
from engine.geometry.neighbours import Graph, find_neighbours
from engine.types import Floats, Indices


def groups(sizes: list[int], width: int = 32) -> tuple[Floats, Indices]:
    """Tight groups far from one another [N D], and the group of each [N]."""
    rng = np.random.default_rng(0)
    member = np.repeat(np.arange(len(sizes)), sizes)
    centres = np.linalg.qr(rng.normal(size=(width, width)))[0][: len(sizes)]
    return (centres[member] + rng.normal(scale=0.05, size=(len(member), width))).astype(np.float32), member


def ring(images: int, reach: int) -> Graph:
    """Every image beside those before and after it on a circle."""
    steps = np.concatenate([[step, -step] for step in range(1, reach + 1)])
    indices = (np.arange(images)[:, None] + steps) % images
    return Graph(indices.astype(np.int32), np.ones(indices.shape, np.float32), "exact", 1.0)


def test_thirty_four_of_one_group_belong_together_and_six_of_another_do_not() -> None:
    vectors, member = groups([34, 40, 40])
    rows = np.random.default_rng(1).permutation(np.concatenate([np.flatnonzero(member == 0), [40, 41, 42, 80, 81, 82]]))
    found = cohesion(find_neighbours(vectors), rows)
    assert set(rows[found.apart]) == {40, 41, 42, 80, 81, 82}
    assert set(member[rows[found.together]]) == {0}
    assert found.second == 3


def test_those_apart_come_first_and_nothing_is_lost() -> None:
    vectors, member = groups([30, 30])
    rows = np.concatenate([np.flatnonzero(member == 0), [45]])
    found = cohesion(find_neighbours(vectors), rows)
    assert rows[found.order[0]] == 45
    assert sorted(found.order) == list(range(31))


def test_a_bridge_of_one_image_does_not_join_two_groups() -> None:
    indices = ring(40, 4).indices.copy()
    indices[:20] = ring(20, 4).indices
    indices[20:] = ring(20, 4).indices + 20
    indices[0, 7], indices[20, 7] = 20, 0  # each names one of the other group, and they share no other
    bridged = Graph(indices, np.ones(indices.shape, np.float32), "exact", 1.0)
    assert len(cohesion(bridged, np.arange(40)).together) == 20


@pytest.mark.parametrize("count", [1, 2])
def test_an_image_or_two_alike_are_a_whole(count: int) -> None:
    found = cohesion(ring(40, 7), np.arange(count))
    assert (len(found.together), len(found.apart), found.second) == (count, 0, 0)


def test_ten_thousand_neighbours_of_a_hundred_thousand_are_a_whole() -> None:
    graph = ring(100_000, 8)
    assert len(cohesion(graph, np.arange(10_000)).together) == 10_000
