"""Helper processes answer in order, carry errors back, survive a crash of one and are all gone afterwards."""

from __future__ import annotations

import math
import os
import threading
from contextlib import suppress

import psutil
import pytest

from engine.images.parallel import run_parallel


def no_crash(item: float) -> float:
    raise AssertionError(f"the process died over {item}")


def test_answers_come_in_the_order_of_the_items() -> None:
    assert run_parallel(math.sqrt, [n * n for n in range(300)], no_crash) == list(range(300))


def test_no_items_give_no_answers() -> None:
    assert run_parallel(math.sqrt, [], no_crash) == []


def test_an_error_of_the_function_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match=r"domain|nonnegative"):
        run_parallel(math.sqrt, [1, -1, 4], no_crash)


def test_a_process_that_dies_costs_only_its_item() -> None:
    assert run_parallel(os._exit, [3, 4], lambda code: f"died of {code}") == ["died of 3", "died of 4"]


@pytest.mark.parametrize("items", [[4] * 200, [4] * 100 + [-1] + [4] * 100])
def test_neither_processes_nor_threads_are_left(items: list[int]) -> None:
    threads, children = threading.active_count(), psutil.Process().children()
    with suppress(ValueError):
        run_parallel(math.sqrt, items, no_crash)
    assert threading.active_count() == threads
    assert psutil.Process().children() == children


def test_progress_comes_from_the_calling_thread_and_ends_at_the_total() -> None:
    told: list[tuple[int, int, int]] = []
    run_parallel(math.sqrt, [1] * 100, no_crash, lambda done, total: told.append((done, total, threading.get_ident())))
    assert told[-1][:2] == (100, 100)
    assert {thread for *_, thread in told} == {threading.get_ident()}


def test_an_error_in_progress_ends_the_work() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_parallel(math.sqrt, [1] * 100, no_crash, stop)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("helper")]
