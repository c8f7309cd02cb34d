"""A recent project as a card: its name, some of its images, how far it is."""

from __future__ import annotations

import streamlit as st

from dashboard.parts import words
from dashboard.parts.pictures import Picture, film
from engine.glance import Glance


def project_card(seen: Glance, *, is_open: bool) -> bool:
    """Draw the card of a project; returns whether it was asked to be opened."""
    with st.container(border=True, key=f"{'chosen' if is_open else 'project'}-{seen.root}", gap="xsmall"):
        if seen.project is None:
            st.markdown(f"**{seen.name}**")
            st.caption(seen.trouble)
            return False
        if seen.contents:
            film(seen.project, [Picture(content, seen.name) for content in seen.contents])
        st.markdown(f"**{seen.name}**")
        st.caption(f"{_counts(seen)}  \n{seen.root}")
        return st.button("Continue" if is_open else "Open", key=f"open-{seen.root}", width="stretch")


def _counts(seen: Glance) -> str:
    if not seen.images:
        return "Not scanned yet"
    labelled = (
        f"{seen.labelled:,} labelled in {words.count(seen.classes, 'class')}" if seen.labelled else "none labelled"
    )
    return f"{words.count(seen.images, 'image')} · {labelled}"
