"""Events from the browser are handled once each, in order, whatever is sent again."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.components import events
from dashboard.components.events import Handled, Ledger, work_off
from engine.errors import UnknownClass


def send(client: str, *numbers: int) -> dict[str, Any]:
    stamped = [{"number": number, "stamp": f"{client}:{number}", "kind": "label"} for number in numbers]
    return {"client": client, "events": stamped}


def numbers_handled(ledger: Ledger, *messages: dict[str, Any]) -> list[int]:
    done: list[int] = []
    known = Handled()
    for message in messages:
        work_off(ledger, message, lambda event: done.append(event["number"]), known)
    return done


def test_an_event_sent_again_is_handled_once() -> None:
    assert numbers_handled(Ledger(), send("a", 1), send("a", 1, 2), send("a", 1, 2, 3)) == [1, 2, 3]


def test_events_are_handled_in_the_order_of_their_numbers() -> None:
    assert numbers_handled(Ledger(), send("a", 3, 1, 2)) == [1, 2, 3]


def test_a_lost_message_loses_nothing() -> None:
    assert numbers_handled(Ledger(), send("a", 1), send("a", 2, 3, 4)) == [1, 2, 3, 4]


def test_another_page_counts_from_one_again() -> None:
    assert numbers_handled(Ledger(), send("a", 1, 2), send("b", 1)) == [1, 2, 1]


def test_a_refused_event_is_not_tried_again_and_does_not_stop_the_next() -> None:
    ledger, known, done = Ledger(), Handled(), []

    def handle(event: dict[str, Any]) -> None:
        if event["number"] == 1:
            raise UnknownClass("There is no class 9.")
        done.append(event["number"])

    work_off(ledger, send("a", 1), handle, known)
    work_off(ledger, send("a", 1, 2), handle, known)
    assert (done, ledger.problems) == ([2], {1: "There is no class 9."})


def test_why_events_were_refused_is_told_of_each_that_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "REFUSALS", 2)
    ledger = Ledger()

    def refuse_odd(event: dict[str, Any]) -> None:
        if event["number"] % 2:
            raise UnknownClass(f"no {event['number']}")

    work_off(ledger, send("a", 1, 2, 3, 4), refuse_odd, Handled())
    assert ledger.problems == {1: "no 1", 3: "no 3"}  # the success of the fourth hides neither
    work_off(ledger, send("a", 5), refuse_odd, Handled())
    assert ledger.problems == {3: "no 3", 5: "no 5"}
    work_off(ledger, send("b", 1), lambda event: None, Handled())
    assert ledger.problems == {}


def test_a_crash_in_the_handler_leaves_the_event_to_be_sent_again() -> None:
    ledger = Ledger()

    def crash(event: dict[str, Any]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        work_off(ledger, send("a", 1), crash, Handled())
    assert numbers_handled(ledger, send("a", 1)) == [1]


def test_what_a_page_left_open_is_not_handled_again_after_a_refresh() -> None:
    known = Handled()
    done: list[str] = []
    before, after = send("a", 1, 2), send("b", 1, 2, 3)
    for event, stamp in zip(after["events"], ["a:1", "a:2", "a:3"], strict=True):
        event["stamp"] = stamp  # the page loaded anew numbers from 1, and keeps the stamps
    work_off(Ledger(), before, lambda event: done.append(event["stamp"]), known)
    new_session = Ledger()
    work_off(new_session, after, lambda event: done.append(event["stamp"]), known)
    assert done == ["a:1", "a:2", "a:3"]
    assert (new_session.client, new_session.number) == ("b", 3)


def test_only_the_latest_stamps_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "REMEMBERED", 2)
    known = Handled()
    for stamp in ("a:1", "a:2", "a:3"):
        known.add(stamp)
    assert list(known.stamps) == ["a:2", "a:3"]
