"""A grid of answers: a class key corrects, one button or Ctrl+Enter agrees to the selected, else to all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import reads, state
from dashboard.components.grid import GridEvent, image_grid
from dashboard.components.height import WINDOW
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.label_events import grid_events
from dashboard.parts.last_step import last_step
from engine.embeddings import align
from engine.project import Project
from engine.propagate import accept
from engine.propagate.board import Board
from engine.types import UNKNOWN, Indices


@dataclass(frozen=True, eq=False)
class Listing:
    """Which answers a grid shows."""

    key: str  # of the grid
    rows: Indices  # of the embedding, in the order to show
    answered: bool = True  # whether there are answers here to agree to
    captions: Sequence[str] | None = None  # one line under each; left out, its class and probability
    size: int = 112  # of a thumbnail at first, pixels


def answers_grid(project: Project, embedding: str, board: Board, listing: Listing, head: DeltaGenerator) -> None:
    """Draw the grid, and in the line above it, `head`, the ways to agree and to undo."""
    table = reads.table(project)
    table_rows = align(reads.embedding(project, embedding), table)[listing.rows]
    there = table_rows != UNKNOWN
    rows, table_rows = listing.rows[there], table_rows[there]
    captions = listing.captions and [said for said, known in zip(listing.captions, there, strict=True) if known]
    hand = board.hand[rows] != UNKNOWN
    answer = image_grid(
        project,
        table,
        table_rows,
        key=listing.key,
        classes=board.propagation.classes,
        labels=board.shown(rows),
        pseudo=~hand,
        probability=np.where(hand, np.nan, board.propagation.confidence[rows]).astype(np.float32),
        captions=captions,
        embedding=embedding,
        exemplars=reads.exemplars(project),
        on_event=_events(project, board, rows, table_rows),
        report_selection=True,
        agreeing=listing.answered,
        height=WINDOW,
        size=listing.size,
        empty="Nothing here. Choose another class on the left, or show other images above.",
    )
    with head:
        st.space("stretch")
        last_step(project)
        if listing.answered:
            selected = rows[np.isin(table_rows, answer.selected)]
            _agree_button(project, board, selected if len(selected) else rows, bool(len(selected)), listing)


def _agree_button(project: Project, board: Board, rows: Indices, selected: bool, listing: Listing) -> None:
    """The button that takes over these answers: the selected ones, or all that are listed."""
    label = f"Agree to {len(rows):,} selected" if selected else f"Agree to all {len(rows):,}"
    told = "Takes these answers as labels, in one step that Undo takes back. Also Ctrl+Enter in the grid."
    commit_button(
        label,
        partial(_agreed, project, board, rows),
        icon=":material/done_all:",
        disabled=not len(rows),
        help=told,
        key=f"{listing.key}-agree",
    )


def _agreed(project: Project, board: Board, rows: Indices) -> str:
    """Take over the answers in these rows; says how many."""
    count = accept(project, board.propagation, rows, state.annotator(), {"screen": "review"})
    return f"Agreed to {words.count(count, 'answer')}; Undo takes them back."


def _events(project: Project, board: Board, rows: Indices, table_rows: Indices) -> Callable[[GridEvent], None]:
    """What keys in the grid do: those of every grid, and agreeing to what is named."""
    commit, told = grid_events(project, state.annotator()), state.notices()

    def act(event: GridEvent) -> None:
        if event.kind == "agree":
            told.append(_agreed(project, board, rows[np.isin(table_rows, event.rows)]))
        else:
            commit(event)

    return act
