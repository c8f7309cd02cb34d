"""Epochs without a gain, counted by hand."""

import pytest

from engine.train.plateau import epochs_without_gain, recent_gain


def test_epochs_are_counted_from_the_last_gain() -> None:
    assert epochs_without_gain([], 0.01) == 0
    assert epochs_without_gain([5, 4, 3], 0.01) == 0
    assert epochs_without_gain([5, 4, 4.1, 3.99, 4], 0.01) == 3
    assert epochs_without_gain([5, 4, 4.1, 3.9, 4], 0.01) == 1


def test_small_gains_add_up_to_one() -> None:
    assert epochs_without_gain([1.0, 0.996, 0.993, 0.989], 0.01) == 0


def test_a_loss_below_zero_gains_by_falling_further() -> None:
    assert epochs_without_gain([-1.0, -1.005], 0.01) == 1
    assert epochs_without_gain([-1.0, -1.02], 0.01) == 0


def test_the_recent_gain_compares_two_windows() -> None:
    assert recent_gain([9.0, 4, 4, 3, 3], 2) == pytest.approx(0.25)
    assert recent_gain([4.0, 4, 3], 2) is None
