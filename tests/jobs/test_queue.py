"""The queue for a device: one at a time, in order, the dead torn up."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from engine.jobs.process import Identity, identify, lives
from engine.jobs.queue import device_turn, is_taken, take_ticket


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path))


def silent(ahead: int) -> None:
    """Wait without a word."""


def test_a_device_is_taken_while_somebody_has_its_turn() -> None:
    assert not is_taken("cpu")
    with device_turn("cpu", 1.0, silent):
        assert is_taken("cpu")
        assert not is_taken("cuda")
    assert not is_taken("cpu")


def test_turns_come_in_the_order_of_the_start_whoever_asks_first() -> None:
    order: list[float] = []

    def work(queued: float) -> None:
        with device_turn("cpu", queued, silent):
            order.append(queued)

    with device_turn("cpu", 0.0, silent):
        threads = [threading.Thread(target=work, args=(queued,)) for queued in (3.0, 1.0, 2.0)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)  # all three wait now
    for thread in threads:
        thread.join(10)
    assert order == [1.0, 2.0, 3.0]


def test_a_ticket_of_a_dead_process_is_torn_up() -> None:
    here = identify()
    dead = take_ticket("cpu", 1.0, Identity(here.pid, here.began - 100, here.host))
    with device_turn("cpu", 2.0, silent):
        assert not dead.exists()


def test_who_waits_is_told_how_many_are_ahead_and_may_leave() -> None:
    told: list[int] = []

    def leave(ahead: int) -> None:
        told.append(ahead)
        raise KeyboardInterrupt

    take_ticket("cpu", 1.0)
    take_ticket("cpu", 2.0)
    with pytest.raises(KeyboardInterrupt), device_turn("cpu", 3.0, leave):
        pass
    assert told == [2]


def test_a_process_is_told_from_a_later_one_of_the_same_number() -> None:
    here = identify()
    assert lives(here)
    assert not lives(Identity(here.pid, here.began - 100, here.host))
