"""Review: see what the labels make of all other images, correct it, accept what is right, with a bound where wanted."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.parts import answer_reads, words
from dashboard.parts.audit_and_accept import audit_and_accept
from dashboard.parts.discordant import discordant
from dashboard.parts.empty import empty
from dashboard.parts.needed_embedding import needed_embedding
from dashboard.parts.none_of_these import none_of_these
from dashboard.parts.review_answers import review_answers
from dashboard.parts.suspects import suspects
from engine.errors import TooFewLabels
from engine.propagate import Propagation

VIEWS = {  # what the screen can show → what draws it
    "Answers": review_answers,
    "Audit and accept": audit_and_accept,
    "Discordant": discordant,
    "Suspects": suspects,
    "None of these": none_of_these,
}


def answered_by(answer: Propagation) -> None:
    """Say in one line how the answers come about; by which classifiers, and why, is told on demand."""
    how = answer.calibration.sentence if answer.calibration else ""
    st.caption(
        "Several methods answer together; each counts as far as it names labels right that are put aside.",
        help=f"{words.sentence(answer.note)}. {words.sentence(how)}.",
    )


def main() -> None:
    head = st.container(horizontal=True, vertical_alignment="center")
    head.title("Review", anchor=False, width="content")
    project = state.project()
    embedding = needed_embedding(project, "before your labels can say anything about the others")
    try:
        answer = answer_reads.answer(project, embedding)
    except TooFewLabels:
        empty(
            "Nothing to review yet",
            "Label an image or two of at least two classes. Every other image then gets an answer, which you see here.",
            action="Label images",
            screen="label",
            icon="label",
        )
        return
    with head:
        st.space("stretch")
        view = st.segmented_control(
            "View", list(VIEWS), default=next(iter(VIEWS)), label_visibility="collapsed", required=True,
            width="content", key="review-view", bind=state.in_address("review-view", VIEWS),
        )  # fmt: skip
    if VIEWS[str(view)] in (
        review_answers,
        discordant,
    ):  # an audit judges answers as they were frozen; the other views doubt labels
        answered_by(answer)
    VIEWS[str(view)](project, embedding)


main()
