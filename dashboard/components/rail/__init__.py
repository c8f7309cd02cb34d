"""The rail of classes on the Review screen: their counts as bars, one of them chosen (rail.js)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.bundle import read_component
from dashboard.components.height import WINDOW, room


@dataclass(frozen=True)
class RailRow:
    """One entry of the rail: a class, all of them, or the images without an answer."""

    id: int
    kind: str  # class, all or unknown
    name: str
    colour: str
    shown: int  # the number beside the name
    hand: int = 0  # labelled by a person
    accepted: int = 0  # pseudo-labels taken over
    above: int = 0  # answers at or above the threshold, not yet accepted
    below: int = 0  # answers below it


def class_rail(rows: Sequence[RailRow], key: str, start: str = "") -> RailRow:
    """Draw the rail; returns the entry chosen, at first the one named `start`, else the first."""
    mount = read_component("rail", shared=("theme.css", "dom.js"))
    known = {row.id: row for row in rows}
    first = next((row for row in rows if row.name == start), rows[0])
    chosen = _chosen(key, first.id)
    chosen = chosen if chosen in known else first.id
    data = {"rows": [asdict(row) for row in rows], "chosen": chosen}
    with room(WINDOW, key):
        mount(key=key, data=data, default={"chosen": chosen}, on_chosen_change=_nothing)
    return known[chosen]


def _chosen(key: str, otherwise: int) -> int:
    """What was chosen in the rail with this key, known before it is drawn."""
    return int((st.session_state.get(key) or {}).get("chosen", otherwise))


def _nothing() -> None:
    """Streamlit wants a callback for a state value that has a default."""
