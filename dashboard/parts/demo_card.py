"""The demo as a card: tissue drawn for practice, with a guide through all of it or without."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.parts.progress import progress_bar
from dashboard.parts.tissue_key import tissue_film
from engine import guide
from engine.demo import open_demo


def demo_card() -> None:
    """Draw the card; opens the demo project when one of its buttons was clicked."""
    st.header("New here?", anchor=False)
    with st.container(border=True, key="demo-card", gap="small"):
        tissue_film()
        st.markdown(
            "**A guided first run**, from images to an export in ten minutes, on synthetic tissue: six kinds of it, "
            "patients with a stain of their own, two magnifications. It is drawn on this machine and is no medical "
            "data."
        )
        guided = st.button(
            "Guide me through", type="primary", icon=":material/directions_walk:", key="guided", width="stretch"
        )
        if guided or st.button("Just open the demo", icon=":material/science:", key="demo", width="stretch"):
            project = open_demo(progress_bar("Drawing the demo tissue"))
            if guided:
                guide.start_guide(project)
            state.open_project(project.root)
            state.go("data")
