"""Events from a component, each handled once, in order, whatever the reruns do.

A trigger value can be lost when two reruns overlap. So the browser numbers its events 1, 2, 3 … and sends, as a
*state* value, the list of all that are not acknowledged (shared/queue.js):

    browser → Python   {"client": "k3f9…", "events": [{"number": 7, "stamp": "k3f9…:7", "kind": "label", …}, …]}
    Python → browser   {"client": "k3f9…", "number": 8, "problems": [[7, "There is no class 9."]]}
                       in the component's data: the last one handled, and which of late were refused, and why

Python handles the numbers above that; the browser drops what is acknowledged and sends the rest again. A page that is
loaded anew is another client to another session, and counts from 1; the events that the page before it left open keep
their stamps, by which the server knows those that it has handled without that page hearing of it.
Events are handled in the widget's callback: before the script runs, so before anything is drawn or interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import streamlit as st

from engine.errors import EngineError

STATE = "events"  # name of the component's state value
REMEMBERED = 10_000  # stamps; a page leaves a few open at most, and comes back at once
REFUSALS = 100  # refused events that are told; a page that hears of the last one has heard of those long before
Event = dict[str, Any]


@dataclass
class Ledger:
    """How far one session has handled one component's events."""

    client: str = ""
    number: int = 0
    problems: dict[int, str] = field(default_factory=dict)  # why an event was refused, by its number; the latest ones


@dataclass
class Handled:
    """The stamps of the events that this server has handled last, whatever session they came from."""

    stamps: dict[str, None] = field(default_factory=dict)  # the oldest first
    lock: Lock = field(default_factory=Lock, repr=False)  # held from the look to the entry

    def __contains__(self, stamp: str) -> bool:
        return stamp in self.stamps

    def add(self, stamp: str) -> None:
        self.stamps[stamp] = None
        if len(self.stamps) > REMEMBERED:
            del self.stamps[next(iter(self.stamps))]


def receiver(key: str, handle: Callable[[Event], None]) -> Callable[[], None]:
    """The `on_events_change` callback of the component with this key: calls `handle` once per event.

    `handle` commits its work before it returns and draws nothing. It finds in event["stamp"] a text that no other event
    has. When it raises an EngineError the event counts as handled, for sent again it would fail again; the browser is
    told the reason.
    """

    def receive() -> None:
        sent = st.session_state[key].get(STATE)
        if sent:
            work_off(_ledger(key), sent, handle, _handled())

    return receive


def work_off(ledger: Ledger, sent: dict[str, Any], handle: Callable[[Event], None], handled: Handled) -> None:
    """Handle the events that are new, oldest first, and enter them in the ledger.

    The ledger is changed in place: Streamlit may stop a script wherever it touches session state, and between the
    handling and its entry it must not. One message is worked off at a time, because a fast rerun starts in a thread of
    its own while the run that it replaces may still be writing, and so does the session of a page loaded anew.
    """
    with handled.lock:
        if sent["client"] != ledger.client:
            ledger.client, ledger.number, ledger.problems = sent["client"], 0, {}
        for event in sorted(sent["events"], key=lambda event: int(event["number"])):
            if event["number"] > ledger.number:
                if event["stamp"] not in handled:
                    _work_off_one(ledger, event, handle)
                    handled.add(event["stamp"])
                ledger.number = event["number"]


def _work_off_one(ledger: Ledger, event: Event, handle: Callable[[Event], None]) -> None:
    try:
        handle(event)
    except EngineError as error:
        kept = list(ledger.problems.items())[1 - REFUSALS :]
        ledger.problems = {**dict(kept), event["number"]: str(error)}


def acknowledged(key: str) -> dict[str, Any]:
    """What the browser must know of the ledger, for the component's data."""
    ledger = _ledger(key)
    return {"client": ledger.client, "number": ledger.number, "problems": list(ledger.problems.items())}


def _ledger(key: str) -> Ledger:
    ledger: Ledger = st.session_state.setdefault(f"{key}/ledger", Ledger())
    return ledger


@st.cache_resource(show_spinner=False)
def _handled() -> Handled:
    return Handled()  # one per server
