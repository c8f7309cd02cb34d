"""Exact bounds: against their closed forms and scipy's own exact intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.accept.bounds import chance, needed, upper_bound
from engine.accept.conformal import benjamini_hochberg, conformal_selection, fewest
from engine.accept.sequence import STEPS, fixed_sequence, thresholds


@pytest.mark.parametrize(("error", "labels"), [(0.05, 59), (0.02, 149), (0.01, 299)])
def test_so_many_clean_labels_are_needed(error: float, labels: int) -> None:
    assert needed(error) == labels
    assert (1 - error) ** labels <= 0.05 < (1 - error) ** (labels - 1)


@pytest.mark.parametrize("wrong", [1, 2, 7])
def test_with_wrong_ones_the_least_number_is_needed_that_the_binomial_allows(wrong: int) -> None:
    count = needed(0.05, 0.95, wrong)
    assert stats.binom.cdf(wrong, count, 0.05) <= 0.05 < stats.binom.cdf(wrong, count - 1, 0.05)


@pytest.mark.parametrize(("wrong", "checked"), [(0, 59), (3, 100), (10, 12)])
def test_the_bound_is_the_upper_end_of_scipys_one_sided_exact_interval(wrong: int, checked: int) -> None:
    interval = stats.binomtest(wrong, checked, alternative="less").proportion_ci(0.95, method="exact")
    assert upper_bound(wrong, checked) == pytest.approx(interval.high)


def test_none_wrong_has_a_bound_in_closed_form() -> None:
    assert upper_bound(0, 59) == pytest.approx(1 - 0.05 ** (1 / 59))
    assert upper_bound(4, 4) == upper_bound(0, 0) == 1.0


def test_a_threshold_passes_exactly_where_its_bound_is_within_the_error() -> None:
    for wrong in range(12):
        for checked in range(wrong, 200, 7):
            assert (chance(wrong, checked, 0.05) <= 0.05) == (upper_bound(wrong, checked) <= 0.05)


class TestSequence:
    def test_with_the_fewest_labels_all_are_taken_or_none(self) -> None:
        probability = np.linspace(0.5, 1, 1000)
        checked, wrong = np.arange(1000) % 17 == 0, np.zeros(1000, bool)
        assert checked.sum() == 59
        taken, steps = fixed_sequence(probability, checked, wrong, 0.05, 0.95)
        assert taken.all() and [one.passed for one in steps] == [True]
        taken, steps = fixed_sequence(probability, checked, checked & (probability > 0.99), 0.05, 0.95)
        assert not taken.any() and [one.passed for one in steps] == [False]

    def test_it_ends_at_the_first_failure(self) -> None:
        probability = np.linspace(0, 1, 2000)
        checked = np.arange(2000) % 10 == 0
        taken, steps = fixed_sequence(probability, checked, probability < 0.4, 0.05, 0.95)
        assert [one.passed for one in steps] == [True] * (len(steps) - 1) + [False]
        assert probability[taken].min() == steps[-2].threshold > 0.3
        assert taken.sum() == steps[-2].answers

    def test_thresholds_do_not_depend_on_what_was_found_and_end_with_all(self) -> None:
        probability = np.random.default_rng(0).random(500)
        tried = thresholds(probability, 200, 0.05, 0.95)
        assert len(tried) == STEPS and tried == sorted(tried, reverse=True)
        assert tried[-1] == probability.min()
        assert thresholds(probability, 58, 0.05, 0.95) == []


class TestConformal:
    def test_none_wrong_among_enough_takes_all(self) -> None:
        checked = np.arange(500) < fewest(0.05)
        nothing = np.zeros(500, bool)
        assert fewest(0.05) == 19
        assert conformal_selection(np.ones(500), checked, nothing, 0.05).tolist() == (~checked).tolist()
        fewer = np.arange(500) < 18
        assert not conformal_selection(np.ones(500), fewer, nothing, 0.05).any()

    def test_it_equals_p_values_over_the_whole_calibration_set(self) -> None:
        """Jin and Candès' form, by a plain double loop and scipy's Benjamini-Hochberg."""
        rng = np.random.default_rng(1)
        probability = rng.random(300)
        checked = np.arange(300) < 100
        wrong = rng.random(300) > probability + 0.3
        p_values = [
            (1 + sum(probability[i] >= probability[j] for i in range(100) if wrong[i])) / 101 for j in range(100, 300)
        ]
        expected = stats.false_discovery_control(p_values) <= 0.1
        assert 0 < expected.sum() < 200
        np.testing.assert_array_equal(conformal_selection(probability, checked, wrong, 0.1)[100:], expected)

    def test_benjamini_and_hochberg_take_the_largest_step_that_holds(self) -> None:
        assert benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.9]), 0.05).tolist() == [True, False, False, False]
        assert benjamini_hochberg(np.array([0.01, 0.037, 0.03, 0.9]), 0.05).tolist() == [True, True, True, False]
