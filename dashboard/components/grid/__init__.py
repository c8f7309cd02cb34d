"""The grid: thumbnails of any number of images, selected and labelled by mouse and keys.

Only what is in sight exists in the page, so 100,000 images scroll like 100. A label is painted at once and confirmed by
the next run (events.py says how none is lost).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import DTypeLike, NDArray

from dashboard import links
from dashboard.components import events
from dashboard.components.addresses import addresses, check_table
from dashboard.components.bundle import read_component
from dashboard.components.height import Height, room
from dashboard.components.packing import pack, pack_mask, unpack_rows
from engine.images.table import ImageTable
from engine.labels.store import LabelClass
from engine.project import Project
from engine.types import UNKNOWN, Floats, Indices

STYLES = ("theme.css", "palette.css", "comparison.css")
SCRIPTS = ("bytes.js", "dom.js", "cards.js", "queue.js", "keys.js", "help.js", "zoom.js", "palette.js", "chip.js")
SHARED = (*STYLES, *SCRIPTS, "comparison.js")
NO_PROBABILITY = 255  # beside 0 to 100 percent


@dataclass(frozen=True)
class GridEvent:
    """What a person did in the grid."""

    kind: Literal["label", "clear", "skip", "agree", "undo", "similar", "close"]
    rows: Indices  # rows of the table it is about; empty for undo and close
    class_id: int | None = None  # for label
    stamp: str = ""  # a text that no other event has


@dataclass(frozen=True)
class GridAnswer:
    selected: Indices  # rows of the table, ascending; always empty unless `report_selection`


def image_grid(  # noqa: PLR0913 the options of a widget, by keyword
    project: Project,
    table: ImageTable,
    rows: Indices,
    *,
    key: str,
    classes: Sequence[LabelClass] = (),
    labels: Indices | None = None,
    pseudo: NDArray[np.bool_] | None = None,
    probability: Floats | None = None,
    captions: Sequence[str] | None = None,
    embedding: str = "",
    exemplars: Mapping[int, Indices] | None = None,
    on_event: Callable[[GridEvent], None] | None = None,
    report_selection: bool = False,
    similar: bool = False,
    agreeing: bool = False,
    title: str = "",
    note: str = "",
    closable: bool = False,
    height: Height = 640,
    size: int = 112,
    empty: str = "No images here.",
) -> GridAnswer:
    """Show images as thumbnails; clicks, drags and A, I, Esc select; class keys label; X compares; Enter opens one.

    Args:
        rows: rows of the table to show [M], in the order to show them.
        classes: classes with the keys that give them.
        labels: class per shown image [M], as a position in `classes`, UNKNOWN where none.
        pseudo: whether that class is the engine's and not a person's [M]; drawn dotted.
        probability: of that class [M], 0 to 1, NaN where there is none.
        captions: one line under each thumbnail [M] in the place of class and probability.
        embedding: in which the viewer looks for what is most like an image; "" for not at all.
        exemplars: rows of the table that show what a class is, by its id, to compare with (X).
        on_event: called once per event, before the script runs again; it commits
            what happened and draws nothing. An EngineError it raises is said in the grid's bar.
        report_selection: rerun when the selection changes and return it; without, the selection lives in the browser.
        similar: offer to find what is like an image (S); comes as an event.
        agreeing: offer to take answers as labels (Ctrl+Enter); comes as an event with their rows.
        title: what is shown, in bold at the head of the bar.
        note: what stands beside it while nothing is selected; "" for the number of images.
        closable: offer a way back in front of the title; comes as a "close" event.
        height: of the grid, in CSS pixels, or what the window leaves.
        size: of a thumbnail at first, in CSS pixels; the person's choice replaces it.
        empty: what to say when `rows` is empty.
    """
    selected_key = f"{key}/selected"

    def handle(event: events.Event) -> None:
        check_table(table, event["table"])
        about = unpack_rows(event, len(table))
        if event.get("chosen"):  # done to the selection, which has served
            st.session_state[selected_key] = rows[:0]
        if event["kind"] == "select":
            st.session_state[selected_key] = np.sort(about)
        elif on_event:
            on_event(GridEvent(event["kind"], about, event.get("class"), event["stamp"]))

    selected: Indices = st.session_state.get(selected_key, rows[:0])
    selected = selected[np.isin(selected, rows)]
    data = {
        "acknowledged": events.acknowledged(key),
        "shelf": f"{links.project_key(project)}/{key}",
        **addresses(project, table),
        "about": links.about_url(project, table.fingerprint, embedding),
        "shown": len(rows),
        "rows": None if np.array_equal(rows, np.arange(len(table))) else pack(rows, np.int32),
        "selected": pack_mask(selected, len(table)) if report_selection else None,
        "report": report_selection,
        "labelling": on_event is not None,
        "similar": similar,
        "agreeing": agreeing,
        "title": title,
        "note": note,
        "closable": closable,
        "labels": _pack_unless(labels, np.int16, UNKNOWN),
        "pseudo": _pack_unless(pseudo, np.uint8, 0),
        "percent": None if probability is None else _pack_unless(_percent(probability), np.uint8, NO_PROBABILITY),
        "captions": list(captions) if captions is not None else None,
        "classes": [asdict(one) for one in classes],
        "exemplars": [(exemplars or {}).get(one.id, rows[:0]).tolist() for one in classes] if exemplars else [],
        "height": height,
        "size": size,
        "empty": empty,
    }
    mount = read_component("grid", SHARED)
    with room(height, key):
        mount(key=key, data=data, on_events_change=events.receiver(key, handle))
    return GridAnswer(selected)


def _pack_unless(values: NDArray[Any] | None, dtype: DTypeLike, same: int) -> str | None:
    """The packed array; None where there is none or all of it is `same`, as often is so of 100,000 images."""
    return None if values is None or bool((np.asarray(values) == same).all()) else pack(values, dtype)


def _percent(probability: Floats) -> NDArray[np.uint8]:
    percent = np.floor(np.nan_to_num(probability) * 100)  # 0.996 is not yet certain
    return np.where(np.isnan(probability), NO_PROBABILITY, percent).astype(np.uint8)
