"""Reliability: the calibration error by hand, its null, and exact intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.calibration import calibration_curve

from engine.evaluate.reliability import reliability


def test_the_error_is_the_mean_gap_over_images_by_hand() -> None:
    probability = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    found = reliability(probability, np.array([True, True, True, False, False, True]))
    assert found is not None
    assert found.error == pytest.approx((4 * (0.95 - 0.75) + 2 * (0.55 - 0.5)) / 6)
    assert [(one.images, one.said, one.right) for one in found.bins] == [
        (2, pytest.approx(0.55), 0.5),
        (4, pytest.approx(0.95), 0.75),
    ]


def test_the_points_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    probability = rng.random(500)
    right = rng.random(500) < probability
    found = reliability(probability, right)
    assert found is not None
    theirs_right, theirs_said = calibration_curve(right, probability, n_bins=10)
    np.testing.assert_allclose([one.said for one in found.bins], theirs_said)
    np.testing.assert_allclose([one.right for one in found.bins], theirs_right)


def test_honest_probabilities_are_off_by_no_more_than_chance_and_bold_ones_by_much_more() -> None:
    rng = np.random.default_rng(1)
    probability = 0.5 + rng.random(2000) / 2
    right = rng.random(2000) < probability
    honest, bold = reliability(probability, right), reliability(np.minimum(probability + 0.2, 1), right)
    assert honest is not None and bold is not None
    assert honest.error < 2 * honest.null < 0.06 < bold.error
    assert "too sure" in bold.sentence and "too" not in honest.sentence


def test_an_interval_is_scipys_exact_one() -> None:
    found = reliability(np.full(20, 0.85), np.arange(20) < 13)
    assert found is not None
    theirs = stats.binomtest(13, 20).proportion_ci(method="exact")
    assert found.bins[0].interval == pytest.approx([theirs.low, theirs.high])


def test_without_answers_there_is_nothing_to_say() -> None:
    assert reliability(np.zeros(0), np.zeros(0, bool)) is None
