"""The tools of drawing: noise, points, nuclei, light."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from engine.demo.canvas import Canvas
from engine.demo.cells import NucleusKind, grow, stamp
from engine.demo.noise import octaves, ramp, smooth_noise
from engine.demo.points import scatter, thin
from engine.demo.stain import draw_stain, transmit

ROUND = NucleusKind(5, 5, 0, 0.8, 0, 0, 0, wobble=0)


@pytest.mark.parametrize("scale", [1, 3, 4, 10, 30])
def test_noise_has_mean_0_and_deviation_1(scale: float) -> None:
    field = smooth_noise((600, 700), scale, np.random.default_rng(0))
    assert field.shape == (600, 700)
    assert abs(field.mean()) < 0.15
    assert abs(field.std() - 1) < 0.2


def test_octaves_keep_the_deviation() -> None:
    assert abs(octaves((600, 700), 20, np.random.default_rng(0)).std() - 1) < 0.2


def test_noise_of_a_larger_scale_changes_more_slowly() -> None:
    steps = [np.abs(np.diff(smooth_noise((300, 300), scale, np.random.default_rng(0)))).mean() for scale in (2, 8, 32)]
    assert steps[0] > 2 * steps[1] > 4 * steps[2]


def test_a_ramp_is_0_below_1_above_and_half_between() -> None:
    values = np.array([0, 1, 2, 3, 4], dtype=np.float32)
    assert ramp(values, 1, 3).tolist() == [0, 0, 0.5, 1, 1]
    assert ramp(values, 3, 1).tolist() == [1, 1, 0.5, 0, 0]


def test_scattered_points_keep_their_distance_and_fill_the_sheet() -> None:
    points = scatter((200, 300), 10, np.random.default_rng(0))
    assert pdist(points).min() >= 10
    assert len(points) > 0.5 * 200 * 300 / 10**2


def test_scattered_points_stay_in_the_mask() -> None:
    where = np.zeros((100, 100), dtype=bool)
    where[:50] = True
    points = scatter((100, 100), 5, np.random.default_rng(0), where=where)
    assert points[:, 0].max() < 50


def test_thinning_keeps_the_earlier_of_two_that_are_near() -> None:
    line = np.array([[0, 0], [0, 6], [0, 12], [0, 3]], dtype=np.float32)
    assert thin(line, 5).tolist() == [[0, 0], [0, 6], [0, 12]]
    assert thin(line[[3, 0, 1, 2]], 5).tolist() == [[0, 3], [0, 12]]


def test_a_nucleus_covers_the_area_of_its_ellipse() -> None:
    points = np.array([[40, 40]], dtype=np.float32)
    nucleus = grow(points, np.zeros(1, dtype=np.float32), ROUND, np.random.default_rng(0))
    drawn = stamp(nucleus, (80, 80), np.random.default_rng(0))
    assert drawn.cover.sum() == pytest.approx(np.pi * float(nucleus.long[0] * nucleus.short[0]), rel=0.08)
    row, column = np.average(np.indices((80, 80)).reshape(2, -1), axis=1, weights=drawn.cover.ravel())
    assert (row, column) == pytest.approx((40, 40), abs=0.1)


def test_a_nucleus_at_the_edge_is_cut_and_not_wrapped() -> None:
    points = np.array([[0, 20]], dtype=np.float32)
    nucleus = grow(points, None, ROUND, np.random.default_rng(0))
    drawn = stamp(nucleus, (40, 40), np.random.default_rng(0))
    assert drawn.cover[20:].max() == 0
    assert drawn.cover[0, 20] == pytest.approx(1)


def test_no_nuclei_stain_nothing() -> None:
    none = grow(np.empty((0, 2), dtype=np.float32), None, ROUND, np.random.default_rng(0))
    assert stamp(none, (20, 20), np.random.default_rng(0)).haematoxylin.max() == 0


def test_buried_nuclei_are_gone() -> None:
    canvas = Canvas.blank((40, 40))
    points = np.array([[10, 10], [30, 30]], dtype=np.float32)
    canvas.nuclei.append(grow(points, None, ROUND, np.random.default_rng(0)))
    where = np.zeros((40, 40), dtype=np.float32)
    where[:20] = 1
    canvas.bury(where)
    assert canvas.nuclei[0].row.tolist() == [30]


def test_light_falls_as_beer_and_lambert_say() -> None:
    """Twice the dye lets through the square of the share."""
    stain = draw_stain(np.random.default_rng(0), np.random.default_rng(1))
    dye, none = np.full((8, 8), 0.3, dtype=np.float32), np.zeros((8, 8), dtype=np.float32)
    empty, once, twice = (transmit(amount, none, stain, np.random.default_rng(2)) for amount in (none, dye, 2 * dye))
    assert np.allclose(twice / empty, (once / empty) ** 2, rtol=1e-5)
    assert np.allclose(-np.log10(once / empty), 0.3 * stain.haematoxylin, rtol=1e-4)
