"""Another embedding: a small form that starts the job; the strip shows how far it is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import reads, state
from dashboard.parts.first_weights import choose_encoder, choose_start
from engine.jobs import EmbedRequest
from engine.jobs.offers import again, embed_offers
from engine.jobs.start import start
from engine.project import Project

OTHER = "Another network, or a file of mine …"


def new_embedding(project: Project) -> None:
    """A popover with everything an embedding can be made from here."""
    with st.popover("New", icon=":material/add:", help="Make another embedding"), st.container(width=360):
        offers = {one.title: one for one in embed_offers(project)}
        title = str(st.selectbox("Made by", [*offers, OTHER], key="new-embedding"))
        request, text = (offers[title].request, offers[title].text) if title in offers else (_other(project), "")
        ready = bool(request.run or request.init)  # a file still to be named would mean the usual weights
        name = request.embedding if ready else ""
        made = name in {one["name"] for one in reads.embeddings(project)}
        if ready:
            st.caption(f"{text} {f'“{name}” exists and is made anew.' if made else f'It will be called “{name}”.'}")
        if st.button(
            "Make it anew" if made else "Make it",
            type="primary",
            icon=":material/bolt:",
            width="stretch",
            disabled=not ready,
            key="make-embedding",
        ):
            start(project, request)
            state.notify(f"“{name}” is being made. Go on working; the line at the top shows how far it is.")
            st.rerun()


def _other(project: Project) -> EmbedRequest:
    """An encoder that is not at hand as it is: from weights to be downloaded, or from a file."""
    encoder = choose_encoder(reads.catalogue()["encoders"], "imagenet_lite0", "embedding")
    begin = choose_start(project, encoder, f"embedding-{encoder['name']}", to_train=False)
    return EmbedRequest(encoder=encoder["name"], init=begin.init, download=begin.download)


def make_again(project: Project, about: dict[str, Any]) -> None:
    """A button that makes an embedding anew as it was made before."""
    if st.button("Make it again", icon=":material/refresh:", key=f"again-{about['name']}"):
        start(project, again(about))
        st.rerun()
