"""A recent project as a card: its name, some of its images, how far it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.pictures import Picture, film
from engine import home
from engine.glance import Glance


def project_card(seen: Glance, *, is_open: bool) -> None:
    """Draw the card of a project, with the button that opens it."""
    with st.container(border=True, key=f"{'chosen' if is_open else 'project'}-{seen.root}", gap="xsmall"):
        if seen.project is None:
            st.markdown(f"**{seen.name}**")
            st.caption(seen.trouble)
            return
        film(seen.project, [Picture(content, seen.name) for content in seen.contents])
        st.markdown(f"**{seen.name}**")
        st.caption(f"{_counts(seen)}  \n{words.plain(home.said(seen.root))}")
        commit_button(
            "Continue" if is_open else "Open",
            partial(_open, seen.root),
            then="data",
            key=f"open-{seen.root}",
            width="stretch",
        )


def _open(root: Path) -> None:
    state.open_project(root)


def _counts(seen: Glance) -> str:
    if not seen.images:
        return "Not scanned yet"
    labelled = (
        f"{seen.labelled:,} labelled in {words.count(seen.classes, 'class')}" if seen.labelled else "none labelled"
    )
    return f"{words.count(seen.images, 'image')} · {labelled}"
