"""The demo as a card: tissue drawn for practice, with a guide through all of it or without."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.parts.committing import commit_button
from dashboard.parts.progress import progress_bar
from dashboard.parts.tissue_key import tissue_film
from engine import guide
from engine.demo import open_demo


def demo_card() -> None:
    """Draw the card, with the buttons that open the demo project."""
    st.header("New here?", anchor=False)
    with st.container(border=True, key="demo-card", gap="small"):
        tissue_film()
        st.markdown(
            "**A guided first run**, from images to an export in ten minutes, on synthetic tissue: six kinds of it, "
            "patients with a stain of their own, two magnifications. It is drawn on this machine and is no medical "
            "data."
        )
        _button("Guide me through", guided=True, type="primary", icon=":material/directions_walk:", key="guided")
        _button("Just open the demo", guided=False, icon=":material/science:", key="demo")


def _button(label: str, *, guided: bool, **look: Any) -> None:
    commit_button(label, partial(_open, guided=guided), then="data", waits=True, width="stretch", **look)


def _open(*, guided: bool) -> None:
    project = open_demo(progress_bar("Drawing the demo tissue"))
    if guided:
        guide.start_guide(project)
    state.open_project(project.root)
