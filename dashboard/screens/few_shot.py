"""Few-shot demo: an episode at a time, to teach how a few labelled images name the others."""

from __future__ import annotations

import streamlit as st

from dashboard import reads, state
from dashboard.parts.empty import empty
from dashboard.parts.episode_board import episode_board, plane, slim, verdict
from dashboard.parts.episode_compare import compare_methods
from dashboard.parts.episode_form import choose_source, choose_wish, next_episode
from dashboard.parts.episode_reads import known_images, read_lesson
from dashboard.parts.heading import heading
from dashboard.parts.method_ideas import method_idea
from dashboard.parts.needed_embedding import needed_embedding
from dashboard.parts.trouble import told_here
from engine.evaluate.classroom import Wish, most_shots
from engine.evaluate.known import Known
from engine.project import Project


def invite(known: Known) -> None:
    """What stands here while no episode can be drawn."""
    many = int((known.sizes > 1).sum())
    enough = f"{many} of {len(known.names)} {'has' if many == 1 else 'have'} as many" if known.names else "none has any"
    empty(
        "An episode needs at least two classes",
        "Of each class some images are learnt from and others asked, so two classes must have two known images or "
        f"more; {enough}. Label a few images of each class, or choose a table that tells the classes of many.",
        action="Label some images",
        screen="label",
        icon="label",
    )


def show(project: Project, embedding: str, wish: Wish) -> None:
    """The episode, its picture, its method, and the methods compared."""
    known = known_images(project, embedding, wish)
    if most_shots(known, wish) < 1:
        invite(known)
        return
    wish = choose_wish(known, wish)
    state.set_episode(wish.as_text())
    lesson = read_lesson(project, embedding, wish)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        verdict(lesson)
        next_episode(wish)
    board, beside = st.columns([1.5, 1], gap="large")
    with board:
        episode_board(project, reads.table(project), lesson)
    with beside:
        plane(lesson)
    left, right = st.columns([1, 1.5], gap="large") if slim(lesson) else (beside, beside)
    with left:
        st.markdown("**The idea**")
        method_idea(wish.method)
    with right:
        compare_methods(project, embedding, wish)


def main() -> None:
    heading(
        "Few-shot demo",
        "A few labelled images of each class, the support, name the others, the queries. Draw an episode, see what the "
        "method gets right, and why.",
    )
    project = state.project()
    embedding = needed_embedding(project, "before a few of them can name the others")
    with told_here():
        show(project, embedding, choose_source(Wish.from_text(state.episode())))


main()
