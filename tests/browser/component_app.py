"""A page with one of our components over the project in $COMPONENT_PROJECT; writes every event to $COMPONENT_LOG.

Address: ?show=map|maps|crowd|grid, &rows=N repeats the table's rows up to N tiles, &slow=SECONDS delays each run of the
script, &refuse=CLASS refuses labels of that class, &classes=N offers N classes, &size=PIXELS of the first thumbnails.
`maps` are two beside each other, with &many=1 of many colours, `crowd` has far more images than the project: those of
the left half are even.
"""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard import links
from dashboard.components.grid import GridEvent, image_grid
from dashboard.components.map import MapEvent, scatter_map
from dashboard.components.map.paint import Entry, paint_numbers, paint_values
from engine.errors import UnknownClass
from engine.geometry.placement import placed_points
from engine.images.table import ImageTable, read_table
from engine.labels.exemplars import exemplars
from engine.labels.palette import KEYS, colour_at
from engine.labels.store import LabelClass, LabelStore
from engine.project import open_project

NAMES = (
    "tumour", "stroma", "fat", "vessel", "nerve", "gland", "mucus", "debris", "lymph", "muscle", "necrosis", "blood",
    "stain", "fold",
)  # fmt: skip
CLASSES = [
    LabelClass(place + 1, name, colour_at(place), key)
    for place, (name, key) in enumerate(zip(NAMES, KEYS, strict=False))
]
CROWD = 60_000  # images
ENTRIES = [Entry("even", "#0072B2"), Entry("odd", "#E69F00")]


def note(event: MapEvent | GridEvent) -> None:
    """One line an event, on disk when this returns."""
    about = {"kind": event.kind, "rows": event.rows.tolist(), "class": event.class_id, "stamp": event.stamp}
    with Path(os.environ["COMPONENT_LOG"]).open("a") as log:
        log.write(json.dumps({**about, "polygon": getattr(event, "polygon", ())}) + "\n")
    if isinstance(event, MapEvent) and event.kind == "select":
        st.session_state["selected"] = event.rows
    if event.kind == "label":
        if str(event.class_id) == st.query_params.get("refuse"):
            raise UnknownClass(f"Class {event.class_id} was deleted by somebody else.")
        st.session_state["labels"][event.rows] = int(event.class_id or 0) - 1


def show_maps() -> None:
    rows = np.arange(len(table))
    many = [Entry(name, colour_at(place)) for place, name in enumerate(NAMES)]
    paint = (
        paint_values("Name", rows % len(many), many)
        if "many" in st.query_params
        else paint_values("Parity", rows % 2, ENTRIES)
    )
    for column, side in zip(st.columns(2), ("left", "right"), strict=True):
        with column:
            scatter_map(project, table, points_url(side), paint, key=side, on_event=note, height=400, beside=True)


def show_crowd() -> None:
    places = np.random.default_rng(0).normal(size=(CROWD, 2)).astype("<f4")
    many = table.frame.iloc[np.resize(np.arange(len(table)), CROWD)].assign(id=[f"{row:012x}" for row in range(CROWD)])
    parity = paint_values("Parity", (places[:, 0] > 0).astype(np.int64), ENTRIES)
    url = f"data:application/octet-stream;base64,{base64.b64encode(places.tobytes()).decode()}"
    scatter_map(project, ImageTable(many.reset_index(drop=True)), url, parity, key="crowd", on_event=note, height=500)


def points_url(version: str) -> str:
    return links.points_url(project, "some", "umap", f"{hash(points.tobytes())}{version}")


def show_map() -> None:
    colour = st.radio("Colour", ["parity", "number"])
    if st.button("Clear"):
        st.session_state["selected"] = np.empty(0, np.int64)
    rows = np.arange(len(table))
    parity = paint_values("Parity", rows % 2, ENTRIES)
    paint = parity if colour == "parity" else paint_numbers("Number", rows.astype(np.float32))
    selected = st.session_state.get("selected", rows[:0])
    scatter_map(
        project, table, points_url("map"), paint,
        key="map", on_event=note, selected=selected, classes=CLASSES[:2], height=500,
    )  # fmt: skip
    st.write(f"selected: {selected.tolist()}")


def show_grid() -> None:
    asked = st.query_params
    st.text_input("Words", key="words")
    rows = np.resize(np.arange(len(table)), int(asked.get("rows", len(table))))
    if st.toggle("Reverse"):
        rows = rows[::-1]
    classes = CLASSES[: int(asked.get("classes", 2))]
    answer = image_grid(
        project, table, rows, key="grid", classes=classes, on_event=note, similar=True, agreeing=True, height=500,
        labels=st.session_state["labels"][rows], embedding="some", size=int(asked.get("size", 112)),
        exemplars=exemplars(store.current(), table), report_selection=asked.get("report") == "yes",
    )  # fmt: skip
    st.write(f"selected: {answer.selected.tolist()}")


SHOWN = {"map": show_map, "maps": show_maps, "crowd": show_crowd, "grid": show_grid}

st.set_page_config(layout="wide")
project = open_project(Path(os.environ["COMPONENT_PROJECT"]))
table, store = read_table(project), LabelStore(project)
st.session_state.setdefault("labels", store.label_codes(list(table.ids))[0])
points = placed_points(project, "some", "umap", table)
time.sleep(float(st.query_params.get("slow", 0)))
SHOWN[st.query_params["show"]]()
st.write(f"run {st.session_state.setdefault('runs', 0)}")
st.session_state["runs"] += 1
