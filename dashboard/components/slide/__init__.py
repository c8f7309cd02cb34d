"""The slide: an overview with its tiles coloured over it, looked at closely, clicked and labelled.

The browser fetches the overview and the places of the tiles from our own routes, once; a rerun sends a few bytes for
each tile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from dashboard import links
from dashboard.components import events
from dashboard.components.addresses import addresses, check_table
from dashboard.components.bundle import read_component
from dashboard.components.height import Height, room
from dashboard.components.map.paint import Paint, describe
from dashboard.components.packing import pack, unpack_rows
from engine.images.table import ImageTable
from engine.labels.store import LabelClass
from engine.project import Project
from engine.slides.view import SlideTiles
from engine.types import UNKNOWN, Array, Floats, Indices

SHARED = (
    *("theme.css", "panels.css", "bytes.js", "dom.js", "cards.js", "queue.js", "keys.js", "help.js"),
    *("zoom.js", "scales.js", "range.js", "legend.js", "hover.js"),
)


@dataclass(frozen=True)
class SlideEvent:
    """What a person did on the slide."""

    kind: Literal["label", "clear", "undo"]
    rows: Indices  # rows of the table it is about; empty for undo
    class_id: int | None = None  # for label
    how: str = ""  # for label: by key or by click
    stamp: str = ""  # a text that no other event has


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of every image of the table [N]; classes are places in `classes`."""

    classes: Sequence[LabelClass]
    labels: Indices  # [N] by a person or accepted, UNKNOWN where none
    hand: Indices  # [N] by a person alone
    predicted: Indices | None  # [N] by propagation; None while too little is labelled
    confidence: Floats | None  # [N] 0 to 1, NaN where no label reaches


@dataclass(frozen=True, eq=False)
class Slide:
    """What is shown."""

    name: str
    width: int  # pixels of the finest level
    height: int
    tiles: SlideTiles


def slide_view(  # noqa: PLR0913 the options of a widget, by keyword
    project: Project,
    table: ImageTable,
    slide: Slide,
    known: Known,
    paint: Paint,
    *,
    key: str,
    on_event: Callable[[SlideEvent], None],
    saved: str = "",
    height: Height = 680,
) -> None:
    """Show a slide with its tiles.

    Args:
        paint: what colours the tiles, a code for each image of the table.
        on_event: called once per event, before the script runs again; it commits labels and draws nothing. An
            EngineError it raises is said beside the tile.
        saved: what is said of the labels while none is on its way.
        height: of the whole, in CSS pixels, or what the window leaves.
    """

    def handle(event: events.Event) -> None:
        check_table(table, event["table"])
        about = unpack_rows(event, len(table))
        on_event(SlideEvent(event["kind"], about, event.get("class"), event.get("how", ""), event["stamp"]))

    rows = slide.tiles.rows
    data = {
        "acknowledged": events.acknowledged(key),
        "shelf": f"{links.project_key(project)}/{key}",
        **addresses(project, table),
        "slide": slide.name,
        "width": slide.width,
        "height": height,
        "slideHeight": slide.height,
        "picture": links.slide_url(project, slide.name, table.fingerprint),
        "tiles": links.tiles_url(project, slide.name, table.fingerprint),
        "layers": [asdict(layer) for layer in slide.tiles.layers],
        "paint": describe(paint),
        "codes": pack(paint.codes[rows], np.uint8),
        "labels": pack(known.labels[rows], np.int16),
        "pseudo": pack((known.labels != known.hand)[rows], np.uint8),
        "answers": pack(_answers(known)[rows], np.int16),
        "percent": pack(_percent(known)[rows], np.uint8),
        "classes": [asdict(one) for one in known.classes],
        "saved": saved,
    }
    mount = read_component("slide", SHARED)
    with room(height, key):
        mount(key=key, data=data, on_events_change=events.receiver(key, handle))


def _answers(known: Known) -> Indices:
    """What the labels say of each image [N]; UNKNOWN where they say nothing."""
    if known.predicted is None or known.confidence is None:
        return np.full(len(known.labels), UNKNOWN, np.int64)
    answers: Indices = np.where(np.isfinite(known.confidence), known.predicted, UNKNOWN)
    return answers


def _percent(known: Known) -> Array:
    """How sure that is [N], 0 to 100."""
    if known.confidence is None:
        return np.zeros(len(known.labels))
    return np.round(100 * np.nan_to_num(known.confidence))
