"""One scatter of ?count=N random points, ours or Plotly's (?kind=ours|plotly), that says how many are selected."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.components.map import MapEvent, scatter_map
from dashboard.components.map.paint import Entry, paint_values
from engine.images.table import ImageTable
from engine.project import Project
from tests.benchmarks.browser.points import PROJECT, random_points

COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]


@st.cache_resource
def table_of(count: int) -> ImageTable:
    """A table of so many images that do not exist; only their number matters here."""
    ids = [f"{row:012x}" for row in range(count)]
    contents = [f"{row:032x}" for row in range(count)]
    return ImageTable(pd.DataFrame({"id": ids, "path": ids, "content": contents}))


def keep(event: MapEvent) -> None:
    st.session_state["amount"] = len(event.rows)


def draw_ours(project: Project, count: int) -> int:
    classes = np.arange(count) % len(COLOURS)
    paint = paint_values("Class", classes, [Entry(colour, colour) for colour in COLOURS])
    scatter_map(project, table_of(count), f"/points?count={count}", paint, key="map", on_event=keep, height=600)
    return int(st.session_state.get("amount", 0))


def draw_plotly(count: int) -> int:
    points = random_points(count)
    marker = {"size": 3, "color": np.arange(count) % len(COLOURS), "colorscale": COLOURS}
    figure = go.Figure(go.Scattergl(x=points[:, 0], y=points[:, 1], mode="markers", marker=marker))
    figure.update_layout(height=600, dragmode="lasso", margin={"l": 0, "r": 0, "t": 0, "b": 0})
    answer = st.plotly_chart(figure, key="plot", on_select="rerun", selection_mode="lasso", config={"scrollZoom": True})
    return len(answer["selection"]["point_indices"])


count = int(st.query_params["count"])
amount = draw_ours(PROJECT, count) if st.query_params["kind"] == "ours" else draw_plotly(count)
st.markdown(f"amount {amount}")
