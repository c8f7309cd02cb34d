"""From which probability on an answer counts as sure: the slider, which starts where it is of use."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from engine.project import Project
from engine.propagate import sure_from
from engine.propagate.board import Board
from engine.propagate.review import SURE_RANGE, SUREST

MOVED = "sure-moved"  # state note: where this tab's person has put the slider, by project and embedding
START = "sure-start"  # state note: where the slider began when the screen was entered


def chosen_threshold(project: Project, embedding: str) -> float | None:
    """Where this tab's person has moved the slider to; None before they have."""
    moved: dict[tuple[str, str], float] = state.value(MOVED, {})
    return moved.get((str(project.root), embedding))


def threshold_slider(project: Project, embedding: str, board: Board, key: str) -> float:
    """Draw the slider; it starts at the surest open answers and then stays where it is, whatever is labelled."""
    before = chosen_threshold(project, embedding)
    if state.undrawn(key):
        state.set_value(START, before or sure_from(board.propagation, board.labels))
    threshold = st.slider(
        "Sure from",
        *SURE_RANGE,
        state.value(START),
        0.01,
        key=key,
        bind=state.in_address(key),
        help=f"From which probability on you call an answer sure; at first where the surest {SUREST:.0%} of the open "
        "images lie. Answers are often right more often than they say: look, then decide.",
    )
    if threshold != state.value(START) or before:
        state.set_value(MOVED, {**state.value(MOVED, {}), (str(project.root), embedding): threshold})
    return float(threshold)
