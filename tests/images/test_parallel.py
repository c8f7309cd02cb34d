"""Helper processes answer in order, carry errors back, survive a crash of one and are all gone afterwards."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from pickle import PicklingError
from typing import TypeVar

import psutil
import pytest

import engine
from engine.images.parallel import run_parallel

Found = TypeVar("Found")


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


def test_a_helper_that_cannot_start_blames_no_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(RuntimeError, match="could not start"):
        run_parallel(math.sqrt, [4], no_crash)


def test_a_function_that_no_process_can_import_is_an_error() -> None:
    with pytest.raises((AttributeError, PicklingError), match="lambda"):
        run_parallel(lambda number: number, [4], no_crash)


def test_helpers_end_when_their_parent_is_killed() -> None:
    code = "import time; from engine.images.parallel import run_parallel; run_parallel(time.sleep, [0.2] * 999, print)"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(engine.__file__).parents[1])
    try:
        helpers = wait_for(lambda: psutil.Process(parent.pid).children())
    finally:
        parent.kill()
        parent.wait()
    assert wait_for(lambda: not any(helper.is_running() and helper.status() != "zombie" for helper in helpers))


def wait_for(found: Callable[[], Found], seconds: float = 30) -> Found:
    """What `found` gives as soon as it gives anything."""
    end = time.monotonic() + seconds
    while not (answer := found()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer
