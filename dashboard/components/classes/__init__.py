"""The class editor: add, rename, recolour, merge, delete; each step an event that undoes (classes.js)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from dashboard.components import events
from dashboard.components.bundle import read_component


@dataclass(frozen=True)
class ClassRow:
    """One class as the editor shows it."""

    id: int
    name: str
    colour: str
    key: str
    count: int  # images labelled with it by hand


def class_rows(
    rows: Sequence[ClassRow], palette: Sequence[str], on_event: Callable[[events.Event], None], key: str
) -> None:
    """Draw the editor.

    Args:
        palette: colours to choose from, as #RRGGBB.
        on_event: called once per event, before the script runs again; it commits what happened and draws nothing.
            Kinds: add (name), rename (class, name), recolour (class, colour), merge (class, into), delete (class).
    """
    mount = read_component("classes", shared=("theme.css", "dom.js", "queue.js"))
    mount(
        key=key,
        data={
            "classes": [asdict(row) for row in rows],
            "palette": list(palette),
            "acknowledged": events.acknowledged(key),
            "shelf": key,
        },
        on_events_change=events.receiver(key, on_event),
    )
