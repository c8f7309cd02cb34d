"""A page with one of our components over the project in $COMPONENT_PROJECT; writes every event to $COMPONENT_LOG.

Address: ?show=map|grid, &rows=N repeats the table's rows up to N tiles, &slow=SECONDS delays each run of the script.
"""

from __future__ import annotations

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
from engine.geometry.placement import placed_points
from engine.images.table import read_table
from engine.labels.store import LabelClass
from engine.project import open_project

CLASSES = [LabelClass(1, "tumour", "#D55E00", "1"), LabelClass(2, "stroma", "#0072B2", "2")]
ENTRIES = [Entry("even", "#0072B2"), Entry("odd", "#E69F00")]


def note(event: MapEvent | GridEvent) -> None:
    """One line an event, on disk when this returns."""
    about = {"kind": event.kind, "rows": event.rows.tolist(), "class": event.class_id, "stamp": event.stamp}
    with Path(os.environ["COMPONENT_LOG"]).open("a") as log:
        log.write(json.dumps({**about, "polygon": getattr(event, "polygon", ())}) + "\n")
    if isinstance(event, MapEvent) and event.kind == "select":
        st.session_state["selected"] = event.rows


def show_map() -> None:
    colour = st.radio("Colour", ["parity", "number"])
    if st.button("Clear"):
        st.session_state["selected"] = np.empty(0, np.int64)
    rows = np.arange(len(table))
    parity = paint_values("Parity", rows % 2, ENTRIES)
    paint = parity if colour == "parity" else paint_numbers("Number", rows.astype(np.float32))
    selected = st.session_state.get("selected", rows[:0])
    url = links.points_url(project, "some", "umap", str(hash(points.tobytes())))
    scatter_map(
        project, table, url, paint, key="map", on_event=note, selected=selected, classes=CLASSES, height=500,
    )  # fmt: skip
    st.write(f"selected: {selected.tolist()}")


def show_grid() -> None:
    st.text_input("Words", key="words")
    rows = np.resize(np.arange(len(table)), int(st.query_params.get("rows", len(table))))
    answer = image_grid(
        project, table, rows, key="grid", classes=CLASSES, on_event=note, similar=True, height=500,
        report_selection=st.query_params.get("report") == "yes",
    )  # fmt: skip
    st.write(f"selected: {answer.selected.tolist()}")


st.set_page_config(layout="wide")
project = open_project(Path(os.environ["COMPONENT_PROJECT"]))
table = read_table(project)
points = placed_points(project, "some", "umap", table)
time.sleep(float(st.query_params.get("slow", 0)))
show_grid() if st.query_params.get("show") == "grid" else show_map()
st.write(f"run {st.session_state.setdefault('runs', 0)}")
st.session_state["runs"] += 1
