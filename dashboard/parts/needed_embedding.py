"""The embedding that a screen works with, or the way to the first one."""

from __future__ import annotations

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.empty import empty
from engine.jobs.request import EmbedRequest
from engine.jobs.start import start
from engine.project import Project

FROZEN = "imagenet_lite0"  # the encoder that needs no training


def needed_embedding(project: Project, purpose: str) -> str:
    """Name of the embedding in use; where the project has none, says so, offers to make one, and stops the run.

    Args:
        purpose: what it is needed for, as the end of “Handful needs to know which images look alike …”.
    """
    stale = {str(one["name"]): one["stale"] for one in reads.embeddings(project)}
    if not stale:
        _invite(project, purpose)
        st.stop()
    chosen = state.embedding()
    if chosen not in stale:
        chosen = next(iter(stale))  # the newest
        state.set_embedding(chosen)
    if stale[chosen]:
        st.warning(f"{stale[chosen]} Embed again on the Train screen to bring it up to date.", icon=":material/update:")
    return chosen


def _invite(project: Project, purpose: str) -> None:
    if job := reads.active_job(project):
        left = words.time_left(job.seconds_left)
        empty(
            "The images are being looked at",
            f"**{job.title}** is at {job.fraction:.0%}{', ' + left if left else ''}. Then this screen opens.",
            action="Watch it",
            screen="jobs",
            icon="pending_actions",
        )
        return
    with st.container(key="empty-no-embedding", horizontal_alignment="center", gap="small"):
        st.subheader("First, let Handful look at the images", anchor=False)
        st.markdown(
            f"It needs to know which images look alike {purpose}. A network trained on everyday photographs gives a "
            "good start in a minute or two; one trained on your own images can be better still."
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button("Look at them now", type="primary", icon=":material/bolt:"):
                start(project, EmbedRequest(encoder=FROZEN))
                state.go("jobs")
            if st.button("Train on my images", icon=":material/model_training:"):
                state.go("train")
