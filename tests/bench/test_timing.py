"""The time a bench has left: silent until a training has been seen, then what hand and clock would say."""

from __future__ import annotations

import pytest

from engine.bench.plan import Cell
from engine.bench.timing import Timing
from engine.jobs.request import EmbedRequest, TrainRequest


class Clock:
    """Seconds that pass when they are told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def cell(encoder: str = "nano", *, trained: bool = True) -> Cell:
    return Cell(encoder, "random", EmbedRequest(), "simclr" if trained else "", "", TrainRequest() if trained else None)


def begin(cells: list[Cell], clock: Clock, *, by_time: bool = True) -> Timing:
    """A clock over cells none of which was trained before."""
    return Timing(cells, [one.train is not None for one in cells], by_time, clock)


def spend(timing: Timing, clock: Clock, seconds: float) -> None:
    clock.seconds += seconds
    timing.end_cell(worked=True)


def test_rows_without_a_training_promise_nothing() -> None:
    clock = Clock()
    timing = begin([cell(trained=False), cell(trained=False), cell(), cell()], clock)
    spend(timing, clock, 7)
    assert timing.seconds_left() is None
    spend(timing, clock, 7)
    assert timing.seconds_left() is None


def test_the_first_training_is_judged_by_its_pace_once_a_tenth_was_seen() -> None:
    clock = Clock()
    timing = begin([cell(trained=False), cell(), cell()], clock)
    spend(timing, clock, 6)  # an embedding with its scores
    clock.seconds += 20  # the pilot
    timing.see(0.01)
    clock.seconds += 10
    timing.see(0.06)
    assert timing.seconds_left() is None
    clock.seconds += 10
    timing.see(0.21)  # 20 s a fifth: 100 s in all, 79 of them to come
    assert timing.seconds_left() == pytest.approx((79 + 6) + (20 + 20 + 79 + 6))


def test_later_trainings_are_expected_to_take_what_the_first_took() -> None:
    clock = Clock()
    timing = begin([cell(), cell(), cell()], clock)
    spend(timing, clock, 130)
    assert timing.seconds_left() == 260
    clock.seconds += 50
    assert timing.seconds_left() == 210
    clock.seconds += 200  # longer than foreseen: never less than what comes after
    assert timing.seconds_left() == 130


def test_what_is_found_done_is_not_waited_for() -> None:
    clock = Clock()
    timing = Timing([cell(), cell(), cell()], [False, True, True], True, clock)
    spend(timing, clock, 2)
    assert timing.seconds_left() is None
    spend(timing, clock, 5)  # however quick a training is, it counts where it was made
    assert timing.seconds_left() == 5


def test_what_failed_or_only_went_on_says_nothing_of_the_others() -> None:
    clock = Clock()
    timing = begin([cell(), cell(), cell()], clock)
    timing.see(0.8)  # from a checkpoint
    spend(timing, clock, 20)
    assert timing.seconds_left() is None
    clock.seconds += 60
    timing.end_cell(worked=False)
    assert timing.seconds_left() is None


def test_epochs_of_another_encoder_are_not_compared() -> None:
    clock = Clock()
    by_epochs = begin([cell("nano"), cell("resnet50"), cell("nano")], clock, by_time=False)
    by_time = begin([cell("nano"), cell("resnet50"), cell("nano")], clock)
    clock.seconds += 40
    for timing in (by_epochs, by_time):
        timing.end_cell(worked=True)
    assert by_epochs.seconds_left() is None
    assert by_time.seconds_left() == 80
