"""Answers for all images: by class, corrected by key, accepted by a probability that the person chooses."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import links, reads, state
from dashboard.components.rail import RailRow, class_rail
from dashboard.parts import answer_reads, words
from dashboard.parts.agreeing import Listing, answers_grid
from dashboard.parts.committing import commit_button
from dashboard.parts.sureness import threshold_slider
from engine.project import Project
from engine.propagate import accept_above
from engine.propagate.board import STATES, Board
from engine.propagate.review import ORDERS

ALL, UNREACHED = -1, -2  # entries of the rail beside the classes
UNREACHED_COLOUR = "#8C8591"


def review_answers(project: Project, embedding: str) -> None:
    """Draw the classes with their counts beside the images of the chosen one."""
    board = read_board(project, embedding)
    left, right = st.columns([1, 3.3], gap="medium")
    with left:
        threshold = threshold_slider(project, embedding, board, key="review-threshold")
        accept_sure(project, board, threshold)
        entry = rail(project, board, threshold)
    with right:
        gallery(project, embedding, board, entry)


def read_board(project: Project, embedding: str) -> Board:
    """The answers as they are now beside the labels as they are now."""
    answer = answer_reads.answer(project, embedding)
    store = reads.labels(project)
    hand, _ = store.label_codes(answer.ids)
    labels, _ = store.label_codes(answer.ids, hand_only=False)
    return Board(answer, hand, labels)


def rail(project: Project, board: Board, threshold: float) -> int:
    """The classes with their counts; returns the entry chosen."""
    total, unknown = board.all_together(threshold), board.unknown()
    counts = {"hand": total.hand, "accepted": total.accepted, "above": total.above, "below": total.below}
    rows = [RailRow(ALL, "all", "All classes", "var(--quiet)", total.total, **counts)]
    for one, standing in zip(board.propagation.classes, board.standing(threshold), strict=True):
        rows.append(
            RailRow(
                one.id, "class", one.name, one.colour, standing.total,
                standing.hand, standing.accepted, standing.above, standing.below,
            )
        )  # fmt: skip
    if len(unknown):
        rows.append(RailRow(UNREACHED, "unknown", "Unknown", UNREACHED_COLOUR, len(unknown)))
    asked = state.shown_class()
    if asked and asked not in [row.name for row in rows]:
        state.tell_stale(f"There is no class “{asked}” to show, or no longer. You see all classes.")
    chosen = class_rail(rows, key=f"rail-{links.project_key(project)}", start=asked)
    state.show_class("" if chosen.id == ALL else chosen.name)
    return chosen.id


def accept_sure(project: Project, board: Board, threshold: float) -> None:
    """The button that takes over every answer above the threshold."""
    above = board.all_together(threshold).above
    label = f"Accept {words.count(above, 'sure image')}" if above else "None to accept"
    commit_button(
        label,
        partial(_accepted, project, board, threshold),
        type="primary",
        icon=":material/done_all:",
        disabled=not above,
        width="stretch",
    )


def _accepted(project: Project, board: Board, threshold: float) -> str:
    count = accept_above(project, board.propagation, threshold, state.annotator())
    return f"Accepted {words.count(count, 'answer')} as sure as {threshold:.0%} or more; Undo takes them back."


def gallery(project: Project, embedding: str, board: Board, entry: int) -> None:
    """The images of the chosen entry, with the order and what to do with those selected above them."""
    places = {one.id: place for place, one in enumerate(board.propagation.classes)}
    head = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
    with head:
        shown = st.segmented_control(
            "Show", STATES, default=STATES[0], format_func=str.capitalize, label_visibility="collapsed", required=True,
            width="content", key="review-state", disabled=entry == UNREACHED, bind=state.in_address("review-state"),
        )  # fmt: skip
        order = st.selectbox(
            "Order", ORDERS, format_func=lambda name: f"{name.capitalize()} first", label_visibility="collapsed",
            width=174, disabled=shown != STATES[0] or entry == UNREACHED, key="review-order",
        )  # fmt: skip
    graph = reads.graph(project, embedding)
    rows = board.unknown() if entry == UNREACHED else board.rows(str(shown), places.get(entry), graph, str(order))
    answered = shown == STATES[0] and entry != UNREACHED
    answers_grid(project, embedding, board, Listing(f"review-{links.project_key(project)}", rows, answered), head)
