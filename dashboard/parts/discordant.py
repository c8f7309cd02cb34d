"""Discordant: answers that neighbours or the most similar labels contradict; to correct by key or to agree to."""

from __future__ import annotations

import streamlit as st

from dashboard import links, reads
from dashboard.parts import answer_reads
from dashboard.parts.agreeing import Listing, answers_grid
from dashboard.parts.empty import empty
from dashboard.parts.review_answers import read_board
from engine.project import Project
from engine.propagate.discordant import GROUNDS, find_discordant

ALL = "All classes"
SIZE = 168  # of a thumbnail at first, pixels: a line under it says what speaks against it


def discordant(project: Project, embedding: str) -> None:
    """Draw the queue, the strongest contradiction first."""
    board = read_board(project, embedding)
    second = answer_reads.second_opinion(project, embedding)
    found = find_discordant(board.propagation, second, board.hand, board.labels, reads.graph(project, embedding))
    counts = {grounds: len(found.rows(grounds)) for grounds in GROUNDS}
    if not counts[GROUNDS[0]]:
        empty("No answer is contradicted", found.sentence)
        return
    st.markdown(
        found.sentence,
        help="An answer is discordant when most of an image's neighbours have another class, or when the labelled "
        "images most like it have. A label teaches much here. Under each image stands the other class, and who "
        "says so: a share of the neighbours around, or the nearest labels.",
    )
    head = st.container(horizontal=True, vertical_alignment="center")
    with head:
        grounds = st.segmented_control(
            "Contradicted by", GROUNDS, default=GROUNDS[0], label_visibility="collapsed", required=True,
            width="content", key="discordant-grounds",
            format_func=lambda name: f"{name.capitalize()} · {counts[name]:,}",
        )  # fmt: skip
        names = [one.name for one in board.propagation.classes]
        name = st.selectbox("Class", [ALL, *names], label_visibility="collapsed", width=170, key="discordant-class")
    place = names.index(name) if name in names else None
    rows = found.rows(str(grounds), place)
    listing = Listing(
        f"discordant-{links.project_key(project)}",
        rows,
        captions=found.sentences(rows),
        size=SIZE,
    )
    answers_grid(project, embedding, board, listing, head)
