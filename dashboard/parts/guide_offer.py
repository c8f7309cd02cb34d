"""The way to the guided first run from Help: begin it, go on with it, or go through it again."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.parts.committing import commit_button
from engine import guide
from engine.project import Project


def guide_offer(project: Project | None) -> None:
    """Draw one line with a button; without a project it leads to the demo."""
    known = guide.read_guide(project) if project else guide.Guide()
    if known.state == guide.RUNNING:
        return
    with st.container(border=True, key="guide-offer", horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**The guided first run** leads from images to an export in nine steps, ten minutes on the demo. It keeps "
            "your place.",
            width="stretch",
        )
        if project is None:
            if st.button("Try it on the demo", icon=":material/directions_walk:", key="guide-demo"):
                state.go("project")
        else:
            commit_button(
                "Begin" if known.state == guide.OFFERED else "Go on",
                partial(_begin, project),
                icon=":material/directions_walk:",
                key="guide-begin",
            )


def _begin(project: Project) -> None:
    guide.start_guide(project)
