"""Distances beside SciPy's."""

import numpy as np
from scipy.spatial.distance import cdist

from engine.geometry.distances import distance_to_nearest, squared_distances
from engine.types import Floats


def test_squared_distances_are_those_of_scipy() -> None:
    points, to = clouds(40, 7)
    np.testing.assert_allclose(squared_distances(points, to), cdist(points, to, "sqeuclidean"), rtol=1e-5)


def test_a_point_never_lies_less_than_nothing_from_itself() -> None:
    points, _ = clouds(300, 1)
    assert (np.diag(squared_distances(points, points)) >= 0).all()
    assert np.isfinite(distance_to_nearest(points, points)).all()


def test_the_nearest_of_more_points_than_a_block_is_that_of_scipy() -> None:
    points, to = clouds(50, 700)
    np.testing.assert_allclose(distance_to_nearest(points, to), cdist(points, to).min(axis=1), rtol=1e-4)


def test_where_there_is_nothing_the_nearest_is_infinitely_far() -> None:
    points, _ = clouds(3, 1)
    assert np.isinf(distance_to_nearest(points, points[:0])).all()


def clouds(points: int, to: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(points, 5)).astype(np.float32), rng.normal(size=(to, 5)).astype(np.float32)
