"""The embedding that a screen works with, or the way to the first one."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.empty import empty
from dashboard.parts.job_actions import start_job
from dashboard.parts.new_embedding import make_again
from engine.jobs.request import EmbedRequest
from engine.project import Project

FROZEN = "imagenet_lite0"  # the encoder that needs no training


def needed_embedding(project: Project, purpose: str) -> str:
    """Name of the embedding in use; where the project has none, says so, offers to make one, and stops the run.

    Args:
        purpose: what it is needed for, as the end of “Handful needs to know which images look alike …”.
    """
    known = {str(one["name"]): one for one in reads.embeddings(project)}
    if not known:
        if not _wait(project):
            _invite(project, purpose)
        st.stop()
    chosen = state.embedding()
    if chosen not in known:
        newest = next(iter(known))
        if chosen:
            state.tell_stale(f"This project has no embedding “{chosen}”, or no longer. You see “{newest}” instead.")
        chosen = newest
        state.set_embedding(chosen)
    whole = project.neighbours_path(chosen).exists()
    if not whole and _wait(project):
        st.stop()
    _offer_again(project, known[chosen], whole)
    if not whole:
        st.stop()
    return chosen


def _offer_again(project: Project, about: dict[str, Any], whole: bool) -> None:
    """Where an embedding no longer fits the images, or was never finished, say so and offer to make it again."""
    reason = about["stale"] or ("" if whole else f"“{about['name']}” was not finished.")
    if not reason:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(reason, icon=":material/update:", width="stretch")
        if not reads.active_job(project):
            make_again(project, about)


def _wait(project: Project) -> bool:
    """Say that the images are being looked at, if they are."""
    job = reads.active_job(project)
    if job is None:
        return False
    left = words.time_left(job.seconds_left)
    empty(
        "The images are being looked at",
        f"**{job.title}** is at {job.fraction:.0%}{', ' + left if left else ''}. Then this screen opens.",
        action="Watch it",
        screen="jobs",
        icon="pending_actions",
    )
    return True


def _invite(project: Project, purpose: str) -> None:
    with st.container(key="empty-no-embedding", horizontal_alignment="center", gap="small"):
        st.header("First, let Handful look at the images", anchor=False)
        st.markdown(
            f"It needs to know which images look alike {purpose}. A network trained on everyday photographs gives a "
            "good start in a minute or two; one trained on your own images can be better still."
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            commit_button(
                "Look at them now",
                partial(start_job, project, EmbedRequest(encoder=FROZEN)),
                then="jobs",
                type="primary",
                icon=":material/bolt:",
            )
            if st.button("Train on my images", icon=":material/model_training:"):
                state.go("train")
