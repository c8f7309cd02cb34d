"""Another embedding: a small form that starts the job; the strip shows how far it is."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from dashboard import reads
from dashboard.parts.committing import commit_button
from dashboard.parts.first_weights import choose_encoder, choose_start
from dashboard.parts.job_actions import start_job
from engine.jobs import CombineRequest, EmbedRequest, MapRequest
from engine.jobs.offers import again, embed_offers
from engine.jobs.start import start
from engine.project import Project

OTHER = "Another network, or a file of mine …"
COMBINED = "Combine two embeddings …"
BY_LABELS, EQUAL, BY_HAND = "By the labels", "Equal", "By hand"


def new_embedding(project: Project) -> None:
    """A popover with everything an embedding can be made from here."""
    with st.popover("New", icon=":material/add:", help="Make another embedding"), st.container(width=360):
        offers = {one.title: one for one in embed_offers(project)}
        others = [COMBINED, OTHER] if len(reads.embeddings(project)) > 1 else [OTHER]
        title = str(st.selectbox("Made by", [*offers, *others], key="new-embedding"))
        request: EmbedRequest | CombineRequest
        if title in offers:
            request, text = offers[title].request, offers[title].text
        else:
            request, text = _combined(project) if title == COMBINED else _other(project), ""
        ready = isinstance(request, CombineRequest) or bool(request.run or request.init)  # else a file is to be named
        name = request.embedding if ready else ""
        made = name in {one["name"] for one in reads.embeddings(project)}
        if ready:
            st.caption(f"{text} {f'“{name}” exists and is made anew.' if made else f'It will be called “{name}”.'}")
        commit_button(
            "Make it anew" if made else "Make it",
            partial(_begin, project, request),
            waits=True,
            type="primary",
            icon=":material/bolt:",
            width="stretch",
            disabled=not ready,
            key="make-embedding",
        )


def _begin(project: Project, request: EmbedRequest | CombineRequest) -> str:
    start(project, request)
    return f"“{request.embedding}” is being made. Go on working; the line at the top shows how far it is."


def _other(project: Project) -> EmbedRequest:
    """An encoder that is not at hand as it is: from weights to be downloaded, or from a file."""
    encoder = choose_encoder(reads.catalogue()["encoders"], "imagenet_lite0", "embedding")
    begin = choose_start(project, encoder, f"embedding-{encoder['name']}", to_train=False)
    return EmbedRequest(encoder=encoder["name"], init=begin.init, download=begin.download)


def _combined(project: Project) -> CombineRequest:
    """Two embeddings side by side, and how much each counts."""
    names = [one["name"] for one in reads.embeddings(project)]
    st.caption("Two networks err on different images; side by side they often beat either of them.")
    left, right = st.columns(2)
    first = str(left.selectbox("First", names, key="combine-first"))
    second = str(right.selectbox("Second", [one for one in names if one != first], key="combine-second"))
    chosen = st.segmented_control(
        "Weights",
        [BY_LABELS, EQUAL, BY_HAND],
        default=BY_LABELS,
        required=True,
        key="combine-weights",
        help="By the labels: those under which labels that are left out in turn come out likeliest; equal ones where "
        "there are too few labels to tell.",
    )
    weights: tuple[float, ...] = () if chosen == BY_LABELS else (1, 1)
    if chosen == BY_HAND:
        share = st.slider(f"Weight of {first}, %", 5, 95, 50, step=5, key="combine-share")
        weights = (share, 100 - share)
    return CombineRequest((first, second), weights)


def make_again(project: Project, about: dict[str, Any]) -> None:
    """A button that makes an embedding anew as it was made before."""
    commit_button(
        "Make it again",
        lambda: start_job(project, again(about)),
        icon=":material/refresh:",
        key=f"again-{about['name']}",
    )


def make_map(project: Project, embedding: str, key: str) -> None:
    """A button that lays an embedding out in two dimensions."""
    commit_button(
        "Make the map",
        partial(start_job, project, MapRequest(embedding)),
        type="primary",
        icon=":material/scatter_plot:",
        key=key,
    )
