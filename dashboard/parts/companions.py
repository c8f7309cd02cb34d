"""The grid beside the map: the selection, what is like one image, or everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from dashboard import checks, links, reads, state
from dashboard.components.grid import GridEvent, image_grid
from dashboard.components.height import WINDOW
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.scene import Scene
from engine.embeddings import align
from engine.geometry.neighbours import nearest
from engine.types import UNKNOWN, Indices

LIKE = "explore-like"  # state note: id of the image whose like is shown; "" for none
NEIGHBOURS = 60
GUARD = 44  # height of the line above the grid, pixels
INVITING = "Draw around some on the map to see only those"
UNNAMED = "Draw around some to see them; name classes on Label"
NOTHING: Indices = np.empty(0, dtype=np.int64)


def show_like(scene: Scene, row: int) -> None:
    """From the next run on, show what is like the image in this row."""
    state.set_value(LIKE, str(scene.table.ids[row]))


def show_selection() -> None:
    """From the next run on, show the selection."""
    state.set_value(LIKE, "")


def step_back() -> None:
    """From what is like an image back to the selection, from the selection back to all images."""
    if not state.value(LIKE, ""):
        state.set_selection(NOTHING)
    show_selection()


def companions(scene: Scene, on_event: Callable[[GridEvent], None]) -> None:
    """Draw the grid."""
    like = np.flatnonzero(scene.table.ids == state.value(LIKE, ""))
    selected = state.selection()
    captions = None
    if len(like):
        rows, captions = _like(scene, int(like[0]))
        title, note = "Most alike first", str(scene.table.paths[like[0]]).rpartition("/")[2]
    elif len(selected):
        rows = _apart_first(scene, selected)
        title, note = words.count(len(rows), "image"), _composition(scene, rows)
    else:
        rows = np.arange(len(scene.table))
        title, note = "All images", INVITING if scene.classes else UNNAMED
    labelled = scene.labels[rows] != UNKNOWN
    sure = None if scene.confidence is None else np.where(labelled, np.nan, scene.confidence[rows]).astype(np.float32)
    image_grid(
        scene.project,
        scene.table,
        rows,
        key=f"explore-grid-{links.project_key(scene.project)}",
        classes=scene.classes,
        labels=scene.shown[rows],
        pseudo=scene.hand[rows] == UNKNOWN,
        probability=sure,
        captions=captions,
        embedding=scene.embedding,
        exemplars=reads.exemplars(scene.project),
        on_event=on_event,
        similar=True,
        title=title,
        note=note,
        closable=len(like) + len(selected) > 0,
        height=WINDOW,
        size=104,
    )


def _apart_first(scene: Scene, selected: Indices) -> Indices:
    """The selection, what does not belong to it first and said so."""
    found = checks.cohesion(scene.project, scene.embedding, selected)
    if found is None or not found.sentence:
        return selected
    kept = selected[found.together]
    with st.container(horizontal=True, vertical_alignment="center", height=GUARD, border=False, key="lasso-guard"):
        st.markdown(
            f":material/join_inner: {found.sentence}",
            help="The map has two dimensions and lays some images beside others they are not like. Here all "
            "dimensions are asked: which of the selected are neighbours of one another.",
            width="stretch",
        )
        if len(kept) > len(found.apart):
            keep = partial(state.set_selection, kept)
            commit_button(f"Keep the {len(kept):,}", keep, type="tertiary", key="keep-together")
    ordered: Indices = selected[found.order]
    return ordered


def _like(scene: Scene, row: int) -> tuple[Indices, list[str]]:
    """The image and its nearest, most alike first, each with its similarity."""
    rows = align(reads.embedding(scene.project, scene.embedding), scene.table)
    graph = reads.graph(scene.project, scene.embedding)
    place = int(np.flatnonzero(rows == row)[0])
    near, similarity = nearest(graph, place, NEIGHBOURS)
    shown = rows[near] != UNKNOWN
    captions = [f"{alike:.2f} alike" for alike in similarity[shown]]
    return np.concatenate([[row], rows[near][shown]]), ["this image", *captions]


def _composition(scene: Scene, rows: Indices) -> str:
    """How far the selection agrees: its classes, the commonest first."""
    codes = scene.shown[rows]
    sizes = np.bincount(codes[codes != UNKNOWN], minlength=len(scene.classes))
    order = [place for place in np.argsort(-sizes, kind="stable")[:3] if sizes[place]]
    said = [f"{sizes[place] / len(rows):.0%} {scene.classes[place].name}" for place in order]
    return " · ".join(said) or "not labelled"
