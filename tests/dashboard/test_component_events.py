"""Events from the browser are handled once each, in order, whatever is sent again."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.components.events import Ledger, work_off
from engine.errors import UnknownClass


def send(client: str, *numbers: int) -> dict[str, Any]:
    return {"client": client, "events": [{"number": number, "kind": "label"} for number in numbers]}


def numbers_handled(ledger: Ledger, *messages: dict[str, Any]) -> list[int]:
    handled: list[int] = []
    for message in messages:
        work_off(ledger, message, lambda event: handled.append(event["number"]))
    return handled


def test_an_event_sent_again_is_handled_once() -> None:
    assert numbers_handled(Ledger(), send("a", 1), send("a", 1, 2), send("a", 1, 2, 3)) == [1, 2, 3]


def test_events_are_handled_in_the_order_of_their_numbers() -> None:
    assert numbers_handled(Ledger(), send("a", 3, 1, 2)) == [1, 2, 3]


def test_a_lost_message_loses_nothing() -> None:
    assert numbers_handled(Ledger(), send("a", 1), send("a", 2, 3, 4)) == [1, 2, 3, 4]


def test_another_page_counts_from_one_again() -> None:
    assert numbers_handled(Ledger(), send("a", 1, 2), send("b", 1)) == [1, 2, 1]


def test_a_refused_event_is_not_tried_again_and_does_not_stop_the_next() -> None:
    ledger, handled = Ledger(), []

    def handle(event: dict[str, Any]) -> None:
        if event["number"] == 1:
            raise UnknownClass("There is no class 9.")
        handled.append(event["number"])

    work_off(ledger, send("a", 1), handle)
    assert ledger.problem == "There is no class 9."
    work_off(ledger, send("a", 1, 2), handle)
    assert (handled, ledger.problem) == ([2], "")


def test_a_crash_in_the_handler_leaves_the_event_to_be_sent_again() -> None:
    ledger = Ledger()

    def crash(event: dict[str, Any]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        work_off(ledger, send("a", 1), crash)
    assert numbers_handled(ledger, send("a", 1)) == [1]


def test_every_event_has_a_stamp_of_its_own() -> None:
    stamps: list[str] = []
    work_off(Ledger(), send("a", 1, 2), lambda event: stamps.append(event["stamp"]))
    assert stamps == ["a:1", "a:2"]
