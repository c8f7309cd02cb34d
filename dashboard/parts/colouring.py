"""What the map can be coloured by: labels, answers, certainty, any column of the table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import reads, state
from dashboard.components.map.paint import Entry, Paint, paint_numbers, paint_values
from dashboard.parts.scene import Scene
from engine.embeddings import align
from engine.evaluate.leakage import group_codes, neighbour_shares
from engine.geometry.placement import in_table_order
from engine.labels.palette import colour_at
from engine.types import Floats, Indices

CLASS, ANSWER, CERTAINTY = "Label", "Answer", "Certainty"
LEAK = "leak: "  # before a column: how many of an image's neighbours share its value
FEW = 12  # distinct numbers that are still shown one colour each


def choose_paint(scene: Scene) -> Paint:
    """A picker of what to colour by; returns the colours."""
    ours = [CLASS] if scene.predicted is None else [CLASS, ANSWER, CERTAINTY]
    leaking = [LEAK + leak.column for leak in reads.leaks(scene.project, scene.embedding) if leak.strength != "slight"]
    names = [*ours, *scene.table.metadata, *leaking]
    return paint_by(scene, choose_colouring(names, ANSWER if ANSWER in ours else CLASS, "explore-colour"))


def choose_colouring(names: Sequence[str], usual: str, key: str) -> str:
    """A picker among names; the choice stands in the address, and holds on every screen that offers it.

    Args:
        usual: what is shown before anything was chosen.
    """
    kept = state.colouring()
    if kept and kept not in (*names, ANSWER, CERTAINTY):  # these two come with the labels, and go with them
        state.tell_stale(f"The address colours by “{kept}”, which these images cannot be, or no longer.")
        state.set_colouring("")
    shown = kept if kept in names else usual
    chosen = st.selectbox(
        "Colour by",
        names,
        index=list(names).index(shown),
        format_func=_title,
        key=f"{key}-{shown}",  # another start, another widget: a choice made elsewhere is shown here
        help="Label: what people said. Answer: label or, where there is none, what the labels say of the image. "
        "Certainty: how sure that is.",
    )
    if chosen != shown:
        state.set_colouring(str(chosen))
    return str(chosen)


def paint_by(scene: Scene, name: str) -> Paint:
    """The colours for one choice.

    Raises:
        ColumnMissing: the table has no such column.
    """
    classes = [Entry(one.name, one.colour) for one in scene.classes]
    if name == CLASS:
        return paint_values(CLASS, scene.labels, classes, "not labelled")
    if name == ANSWER:
        return paint_values(ANSWER, scene.shown, classes, "unknown")
    if name == CERTAINTY and scene.confidence is not None:
        return paint_numbers(CERTAINTY, scene.confidence, none="unknown")
    if name.startswith(LEAK):
        return paint_numbers(_title(name), _neighbours_alike(scene, name.removeprefix(LEAK)), none="unknown")
    column = scene.table.column(name)
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > FEW:
        return paint_numbers(_title(name), column.to_numpy(dtype=np.float32), "cividis", "empty")
    return _paint_column(scene, name)


def marked(scene: Scene) -> Indices:
    """Rows to draw with an edge: what a person labelled."""
    return np.flatnonzero(scene.hand >= 0)


def _paint_column(scene: Scene, name: str) -> Paint:
    codes, values = scene.table.codes(name)
    entries = [Entry(value, colour_at(place)) for place, value in enumerate(values)]
    return paint_values(_title(name), codes, entries, "empty")


def _neighbours_alike(scene: Scene, column: str) -> Floats:
    """Of each image's nearest neighbours, the share with the same value of a column [N]."""
    rows = align(reads.embedding(scene.project, scene.embedding), scene.table)
    neighbours = reads.graph(scene.project, scene.embedding).indices
    shares = neighbour_shares(neighbours, group_codes(scene.table, column, rows))
    alike: Floats = in_table_order(shares, rows, len(scene.table))
    return alike


def _title(name: str) -> str:
    if name.startswith(LEAK):
        return f"Neighbours of the same {name.removeprefix(LEAK)}"
    return name.replace("_", " ").capitalize()
