"""Averages over the graph: against dense matrices, and by hand."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from engine.geometry.neighbours import affinity, at_length_one, find_neighbours
from engine.propagate.average import ALPHA, ROUNDS, averaged
from tests.classify.blobs import blobs


def test_it_is_a_polynomial_of_the_random_walk() -> None:
    """X₅ = (1 - α) Σ αᵏ Pᵏ X over k < 5, and α⁵ P⁵ X."""
    vectors, _ = blobs([20, 20], apart=1.0)
    points, edges = at_length_one(vectors), affinity(find_neighbours(vectors), 5)
    walk = edges.toarray() / edges.toarray().sum(axis=1, keepdims=True)
    powers = [np.linalg.matrix_power(walk, one) @ points for one in range(ROUNDS + 1)]
    expected = (1 - ALPHA) * sum(ALPHA**one * powers[one] for one in range(ROUNDS)) + ALPHA**ROUNDS * powers[ROUNDS]
    np.testing.assert_allclose(averaged(points, edges), at_length_one(expected), atol=1e-5)


def test_an_image_without_neighbours_stays_where_it_is() -> None:
    points = np.eye(3, dtype=np.float32)
    edges = csr_array(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], np.float32))
    found = averaged(points, edges)
    np.testing.assert_allclose(found[2], points[2], atol=1e-6)
    assert found[0] @ found[1] > 0.9


def test_images_of_a_class_draw_together() -> None:
    vectors, truth = blobs([60, 60], apart=1.0)
    points, graph = at_length_one(vectors), find_neighbours(vectors)

    def spread_within(places: np.ndarray) -> float:
        means = np.stack([places[truth == one].mean(axis=0) for one in (0, 1)])
        inside = ((places - means[truth]) ** 2).sum(axis=1).mean()
        return float(inside / ((means[0] - means[1]) ** 2).sum())

    assert spread_within(averaged(points, affinity(graph, 10))) < 0.5 * spread_within(points)
