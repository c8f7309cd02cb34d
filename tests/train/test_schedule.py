"""The step size over a run, in closed form."""

import pytest

from engine.train.config import TrainConfig
from engine.train.schedule import peak_rate, rate_at


def test_the_rate_rises_in_a_straight_line_to_its_peak() -> None:
    assert [rate_at(step, 100, 4, 1.0) for step in range(4)] == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_after_the_warm_up_the_rate_falls_along_half_a_cosine() -> None:
    assert rate_at(10, 110, 10, 2.0) == pytest.approx(2.0)
    assert rate_at(60, 110, 10, 2.0) == pytest.approx(1.0)
    assert rate_at(109, 110, 10, 2.0) == pytest.approx(0, abs=1e-2)


def test_without_warm_up_the_rate_starts_at_its_peak() -> None:
    assert rate_at(0, 10, 0, 3.0) == 3.0


def test_a_warm_up_longer_than_the_run_only_rises() -> None:
    rates = [rate_at(step, 3, 6, 1.0) for step in range(3)]
    assert rates == pytest.approx([1 / 6, 2 / 6, 3 / 6])


def test_four_times_the_batch_gets_four_times_the_rate_with_sgd_and_twice_with_adam() -> None:
    assert peak_rate(TrainConfig(optimiser="sgd"), 64) == peak_rate(TrainConfig(optimiser="sgd"), 256) / 4
    assert peak_rate(TrainConfig(), 64) == peak_rate(TrainConfig(), 256) / 2


def test_a_rate_that_was_asked_for_is_taken() -> None:
    assert peak_rate(TrainConfig(learning_rate=0.5), 512) == 0.5
