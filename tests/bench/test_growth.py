"""The verdict on a memory that was read again and again: growth is seen, and what is not known is not called flat."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.browser.growth import growth

ACTS = np.arange(41) * 36.0  # forty rounds
HOUR = 1440.0


def test_a_steady_growth_is_told_by_the_hour() -> None:
    found = growth(ACTS, 400 + 0.1 * ACTS, HOUR)
    assert found
    assert found.grows_mb == pytest.approx(144)
    assert not found.flat


def test_what_fills_in_the_first_half_does_not_count() -> None:
    found = growth(ACTS, 300 + np.minimum(ACTS, 600) / 6, HOUR)
    assert found
    assert abs(found.grows_mb) == 0
    assert found.held_mb == 400
    assert found.flat


def test_noise_in_which_a_growth_could_hide_is_not_called_flat() -> None:
    found = growth(ACTS, 400 + 100 * np.resize([1.0, -1.0, -1.0, 1.0], len(ACTS)), HOUR)
    assert found
    assert abs(found.grows_mb) < found.half_interval_mb
    assert not found.flat


def test_too_few_readings_give_no_verdict() -> None:
    assert growth(ACTS[:8], ACTS[:8], HOUR) is None


def test_the_interval_holds_the_truth_though_each_reading_echoes_the_last() -> None:
    held = 0
    for seed in range(200):
        steps, swing = np.random.default_rng(seed).normal(size=len(ACTS)), np.zeros(len(ACTS))
        for one in range(1, len(ACTS)):
            swing[one] = 0.5 * swing[one - 1] + steps[one]
        found = growth(ACTS, 400 + swing, HOUR)
        assert found
        held += abs(found.grows_mb) <= found.half_interval_mb
    assert held >= 0.85 * 200
