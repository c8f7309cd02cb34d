"""The map: one point an image, drawn by WebGL2 where there is any, selected by lasso or box, coloured by anything.

The browser fetches the points from our own route, once; a rerun sends only what has changed of the colours and the
selection, a byte and a bit an image.
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
from dashboard.components.packing import pack, pack_mask, unpack_rows
from engine.images.table import ImageTable
from engine.labels.store import LabelClass
from engine.project import Project
from engine.types import Indices

SHARED = (
    *("theme.css", "panels.css", "bytes.js", "dom.js", "cards.js", "queue.js", "keys.js", "help.js"),
    *("scales.js", "range.js", "legend.js", "hover.js"),
)
NOTHING: Indices = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class MapEvent:
    """What a person did on the map."""

    kind: Literal["select", "label", "similar", "undo"]
    rows: Indices  # rows of the table it is about; empty for undo and for an emptied selection
    class_id: int | None = None  # for label
    polygon: tuple[tuple[float, float], ...] = ()  # outline in the map's units; empty unless it was drawn
    stamp: str = ""  # a text that no other event has


def scatter_map(  # noqa: PLR0913 the options of a widget, by keyword
    project: Project,
    table: ImageTable,
    points_url: str,
    paint: Paint,
    *,
    key: str,
    on_event: Callable[[MapEvent], None],
    selected: Indices = NOTHING,
    marked: Indices = NOTHING,
    classes: Sequence[LabelClass] = (),
    height: Height = 640,
    beside: bool = False,
) -> None:
    """Show the images as points.

    Args:
        points_url: address of the points, float32 [N 2] in the order of the table, NaN where an image is not on the map
            (links.points_url). Another address is another map: the camera starts afresh.
        paint: what colours them.
        on_event: called once per event, before the script runs again; it keeps the selection, commits labels, and draws
            nothing. An EngineError it raises is said on the map.
        selected: rows of the table that are selected; the others turn grey.
        marked: rows to draw larger, with an edge: those a person labelled.
        classes: classes with the keys that label the selection.
        height: of the map, in CSS pixels, or what the window leaves.
        beside: another map of the same images stands beside, and a person may have both move together.
    """

    def handle(event: events.Event) -> None:
        check_table(table, event["table"])
        outline = tuple((float(x), float(y)) for x, y in event.get("polygon", ()))
        on_event(MapEvent(event["kind"], unpack_rows(event, len(table)), event.get("class"), outline, event["stamp"]))

    data = {
        "acknowledged": events.acknowledged(key),
        "shelf": f"{links.project_key(project)}/{key}",
        **addresses(project, table),
        "points": points_url,
        "paint": describe(paint),
        "codes": pack(paint.codes, np.uint8),
        "selected": pack_mask(selected, len(table)),
        "marked": pack_mask(marked, len(table)),
        "classes": [asdict(one) for one in classes],
        "height": height,
        "beside": beside,
    }
    mount = read_component("map", SHARED)
    with room(height, key):
        mount(key=key, data=data, on_events_change=events.receiver(key, handle))
