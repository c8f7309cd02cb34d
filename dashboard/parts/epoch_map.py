"""The map at several epochs of a training: a slider over the epochs, and a button that lets the points move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import reads
from dashboard.components.map.paint import NO_CODE, OTHER_COLOUR, Entry, Paint, paint_numbers, paint_values
from dashboard.parts.words import sentence
from engine.geometry.epochs import EpochMaps
from engine.images.table import ImageTable
from engine.labels.palette import colour_at
from engine.project import Project
from engine.types import Floats, Indices

HEIGHT = 520  # pixels
SECONDS = 0.9  # from one epoch to the next
LABEL = "Label"
FEW = 12  # distinct numbers that are still shown one colour each
MARGIN = 0.04  # of the map's width, kept free at each side
GREY = "rgba(140, 133, 145, 0.55)"


def epoch_map(project: Project, maps: EpochMaps, key: str) -> None:
    """Draw the maps, coloured by label or by a column."""
    table = reads.table(project)
    place = {image: row for row, image in enumerate(table.ids)}
    known = np.array([number for number, image in enumerate(maps.ids) if image in place], np.int64)
    rows = np.array([place[maps.ids[number]] for number in known], np.int64)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.markdown(
        "**How the map took shape**",
        help="The same images at each epoch, from before the first step to the end. The maps are aligned, so that a "
        "point moves only as far as its neighbours have changed.",
    )
    with right:
        paint = _choose_paint(project, table, key)
    figure = _figure(maps.points[:, known], maps.epochs, paint, rows, table)
    st.plotly_chart(figure, key=f"epoch-map-{key}", config={"displayModeBar": False})


def _choose_paint(project: Project, table: ImageTable, key: str) -> Paint:
    """A picker of what to colour by; returns the colours of the table's images."""
    store = reads.labels(project)
    codes, classes = store.label_codes(list(table.ids), hand_only=False)
    labelled = bool((codes >= 0).any())
    columns = sorted(table.metadata, key=lambda one: not 1 < table.column(one).nunique() <= FEW)  # few values first
    offered = [LABEL, *columns] if labelled else [*columns, LABEL]
    name = str(
        st.selectbox(
            "Colour by",
            offered,
            format_func=lambda one: sentence(one.replace("_", " ")),
            label_visibility="collapsed",
            key=f"epoch-colour-{key}",
        )
    )
    if name == LABEL:
        return paint_values(LABEL, codes, [Entry(one.name, one.colour) for one in classes], "not labelled")
    column = table.column(name)
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > FEW:
        return paint_numbers(name, column.to_numpy(dtype=np.float32), none="empty")
    codes, values = table.codes(name)
    return paint_values(name, codes, [Entry(value, colour_at(number)) for number, value in enumerate(values)], "empty")


def _figure(points: Floats, epochs: Floats, paint: Paint, rows: Indices, table: ImageTable) -> go.Figure:
    """The last epoch's map [M 2], with a frame for each epoch's."""
    groups = _groups(paint, rows)
    names = np.array([str(path).rpartition("/")[2] for path in table.paths[rows]])
    titles = [_written(epoch) for epoch in epochs]
    figure = go.Figure(
        data=[
            go.Scatter(
                **_places(points[-1], members),
                mode="markers",
                name=name,
                marker={"size": 5.5, "opacity": 0.85, **look},
                text=names[members],
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            )
            for name, (members, look) in groups.items()
        ],
        frames=[
            go.Frame(
                name=title,
                data=[go.Scatter(**_places(at, members)) for members, _ in groups.values()],
                traces=list(range(len(groups))),
            )
            for title, at in zip(titles, points, strict=True)
        ],
    )
    return _dress(figure, points, titles)


def _groups(paint: Paint, rows: Indices) -> Mapping[str, tuple[Indices, dict[str, Any]]]:
    """Which points look alike: name → places among the points, and what they look like; empty groups left out."""
    codes = paint.codes[rows]
    none = np.flatnonzero(codes == NO_CODE)
    groups: dict[str, tuple[Indices, dict[str, Any]]] = {paint.none: (none, {"color": GREY})} if len(none) else {}
    if paint.scale:
        some = np.flatnonzero(codes != NO_CODE)
        bar = {
            "thickness": 8,
            "len": 0.5,
            "tickvals": [0, NO_CODE - 1],
            "ticktext": [f"{paint.low:g}", f"{paint.high:g}"],
        }
        look: dict[str, Any] = {
            "color": codes[some],
            "colorscale": paint.scale,
            "cmin": 0,
            "cmax": NO_CODE - 1,
            "colorbar": bar,
        }
        return groups | {paint.title: (some, look)}
    for number, entry in enumerate(paint.entries):
        members = np.flatnonzero(codes == number)
        if len(members):
            groups[entry.name] = (members, {"color": entry.colour or OTHER_COLOUR})
    return groups


def _written(epoch: float) -> str:
    """“0.14”, “3.3”, “14”: short, and no two of a run alike."""
    return f"{epoch:.0f}" if epoch == round(epoch) or epoch >= 100 else f"{epoch:.1f}" if epoch >= 1 else f"{epoch:.2f}"


def _places(points: Floats, members: Indices) -> dict[str, Floats]:
    return {"x": points[members, 0], "y": points[members, 1]}


def _dress(figure: go.Figure, points: Floats, titles: list[str]) -> go.Figure:
    """Fixed axes for all epochs, the slider and the button."""
    moving = {
        "frame": {"duration": 1000 * SECONDS, "redraw": False},
        "transition": {"duration": 900 * SECONDS, "easing": "cubic-in-out"},
        "mode": "immediate",
    }
    low, high = points.min(axis=(0, 1)), points.max(axis=(0, 1))
    free = MARGIN * (high - low)
    axes = [
        {"visible": False, "range": [float(low[axis] - free[axis]), float(high[axis] + free[axis])]} for axis in (0, 1)
    ]
    play = {"label": "▶ Play", "method": "animate", "args": [titles, moving]}
    steps = [{"label": title, "method": "animate", "args": [[title], moving]} for title in titles]
    return figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        xaxis=axes[0],
        yaxis={**axes[1], "scaleanchor": "x"},
        legend={"itemsizing": "constant", "title": None, "yanchor": "top", "y": 1},
        updatemenus=[
            {
                "type": "buttons",
                "buttons": [play],
                "showactive": False,
                "x": 0,
                "y": 0,
                "xanchor": "left",
                "yanchor": "top",
                "pad": {"t": 22, "r": 8},
                "bgcolor": "rgba(0,0,0,0)",
                "bordercolor": "rgba(140, 133, 145, 0.5)",
            }
        ],
        sliders=[
            {
                "active": len(titles) - 1,
                "steps": steps,
                "x": 0.12,
                "len": 0.88,
                "y": 0,
                "pad": {"t": 12, "b": 4},
                "currentvalue": {"prefix": "Epoch ", "xanchor": "left", "offset": 8},
                "tickcolor": "rgba(140, 133, 145, 0.5)",
                "bgcolor": "rgba(140, 133, 145, 0.3)",
                "activebgcolor": "#8467CC",
                "bordercolor": "rgba(0,0,0,0)",
                "minorticklen": 0,
            }
        ],
    )
