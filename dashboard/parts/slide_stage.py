"""The slide view with its pickers: which slide, and what colours its tiles."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import streamlit as st

from dashboard import links, reads, slide_reads, state
from dashboard.components.height import WINDOW
from dashboard.components.map.paint import Entry, Paint, paint_numbers, paint_values
from dashboard.components.slide import Known, Slide, slide_view
from dashboard.parts import words
from dashboard.parts.class_editor import edit_classes
from dashboard.parts.label_events import slide_events
from dashboard.parts.scene import read_answers
from dashboard.parts.slide_cards import facts_of
from dashboard.parts.stage_words import what_is_stored
from engine.errors import EngineError
from engine.project import Project
from engine.slides.read import SlideInfo
from engine.slides.view import slide_about
from engine.types import UNKNOWN, Indices

LABEL, ANSWER, CERTAINTY = "Label", "Answer", "Certainty"


def slide_stage(project: Project) -> None:
    """Draw it; labels that are given in it are on disk before it is drawn again."""
    slides = slide_reads.tiled_slides(project)
    pickers = st.columns([3, 1.4, 1.2], gap="small", vertical_alignment="bottom")
    with pickers[0]:
        chosen = st.selectbox(
            "Slide",
            list(slides),
            format_func=lambda name: f"{name} ({words.count(slides[name], 'tile')})",
            key="slides-slide",
        )
    embedding = _embedding(project)
    known = _known(project, embedding)
    with pickers[1]:
        paint = _paint(known)
    next_step: Literal["primary", "secondary"] = "secondary" if known.classes else "primary"
    if pickers[2].button("Classes", icon=":material/palette:", width="stretch", type=next_step):
        edit_classes(project)
    name = str(chosen)
    about = slide_about(project, name)
    table = reads.table(project)
    slide_view(
        project,
        table,
        Slide(name, about["width"], about["height"], slide_reads.slide_tiles(project, name)),
        known,
        paint,
        key=f"slide-{links.project_key(project)}",
        on_event=slide_events(project, state.annotator()),
        saved=what_is_stored(project),
        height=WINDOW,
    )
    st.caption(_said(about, known, embedding))


def _embedding(project: Project) -> str:
    """The embedding whose answers are shown: the one in use, else the newest whole one; "" while there is none."""
    names = [
        str(one["name"])
        for one in reads.embeddings(project)
        if not one["stale"] and project.neighbours_path(one["name"]).exists()
    ]
    chosen = state.embedding() or ""
    return chosen if chosen in names else next(iter(names), "")


def _known(project: Project, embedding: str) -> Known:
    table, store = reads.table(project), reads.labels(project)
    hand, classes = store.label_codes(list(table.ids))
    labels, _ = store.label_codes(list(table.ids), hand_only=False)
    predicted = confidence = None
    if embedding:
        with suppress(EngineError):  # made anew this very moment: the next run has it
            predicted, confidence = read_answers(project, embedding, table)
    return Known(classes, labels, hand, predicted, confidence)


def _paint(known: Known) -> Paint:
    """A picker of what to colour by; returns the colours."""
    offered = [LABEL] if known.predicted is None else [ANSWER, LABEL, CERTAINTY]
    chosen = st.selectbox(
        "Colour by",
        offered,
        key=f"slides-colour-{len(offered)}",
        help="Label: what people said. Answer: label or, where there is none, what the labels say of the tile. "
        "Certainty: how sure that is.",
    )
    if chosen == CERTAINTY and known.confidence is not None:
        return paint_numbers(CERTAINTY, known.confidence, none="unknown")
    entries = [Entry(one.name, one.colour) for one in known.classes]
    if chosen == ANSWER and known.predicted is not None:
        return paint_values(ANSWER, _first_known(known.labels, known.predicted), entries, "unknown")
    return paint_values(LABEL, known.labels, entries, "not labelled")


def _first_known(labels: Indices, predicted: Indices) -> Indices:
    shown = labels.copy()
    shown[labels == UNKNOWN] = predicted[labels == UNKNOWN]
    return shown


def _said(about: dict[str, object], known: Known, embedding: str) -> str:
    info = SlideInfo(**{name: about.get(name) for name in SlideInfo.__dataclass_fields__})  # type: ignore[arg-type]
    if not known.classes:
        hint = "Name the classes first, then click a tile and press a key."
    elif known.predicted is not None:
        hint = f"Answers come from your labels over the embedding {embedding}."
    elif embedding:
        hint = "Label tiles of two classes, and all others answer."
    else:
        hint = "Look at the tiles once (Label screen) and they answer as soon as two classes are labelled."
    return f"{facts_of(info)}. {hint}"
