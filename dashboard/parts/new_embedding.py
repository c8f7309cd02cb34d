"""Another embedding: a small form that starts the job; the strip shows how far it is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import reads, state
from engine.jobs.offers import again, embed_offers
from engine.jobs.start import start
from engine.project import Project


def new_embedding(project: Project) -> None:
    """A popover with everything an embedding can be made from here."""
    with st.popover("New", icon=":material/add:", help="Make another embedding"), st.container(width=360):
        offers = {one.title: one for one in embed_offers(project)}
        title = st.selectbox("Made by", list(offers), key="new-embedding")
        offer = offers[str(title)]
        name = offer.request.embedding
        made = name in {one["name"] for one in reads.embeddings(project)}
        st.caption(f"{offer.text} {f'“{name}” exists and is made anew.' if made else f'It will be called “{name}”.'}")
        if st.button("Make it anew" if made else "Make it", type="primary", icon=":material/bolt:", width="stretch"):
            start(project, offer.request)
            state.notify(f"“{name}” is being made. Go on working; the line at the top shows how far it is.")
            st.rerun()


def make_again(project: Project, about: dict[str, Any]) -> None:
    """A button that makes an embedding anew as it was made before."""
    if st.button("Make it again", icon=":material/refresh:", key=f"again-{about['name']}"):
        start(project, again(about))
        st.rerun()
