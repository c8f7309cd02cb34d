"""Help: the guided first run, the ideas with a picture each, the keys, the words."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.key_lists import key_list
from dashboard.parts.glossary import glossary
from dashboard.parts.guide_offer import guide_offer
from dashboard.parts.heading import heading
from dashboard.parts.ideas import ideas
from dashboard.parts.key_table import key_table

PLACES = {  # component → where its keys work
    "stage": "Label: the image",
    "grid": "Explore and Review: the grid",
    "map": "Explore: the map",
    "slide": "Slides: the slide",
}


def keys() -> None:
    """Every key, by where it works."""
    st.caption("Keys work where you clicked last, and never while you type. **?** shows them on the spot.")
    with st.container(key="cards-keys", gap="large"):
        for component, place in PLACES.items():
            with st.container(gap="small", key=f"keys-of-{component}"):
                st.header(place, anchor=False)
                key_table(key_list(component))


VIEWS = {"The ideas": ideas, "The keys": keys, "The words": glossary}  # what can be shown → what draws it

heading("Help", "Everything you do with labels is written down at once and can be undone.")
guide_offer(state.project_or_none())
view = st.segmented_control(
    "Show", list(VIEWS), default=next(iter(VIEWS)), label_visibility="collapsed", required=True, key="help-view"
)
VIEWS[str(view)]()
