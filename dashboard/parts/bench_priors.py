"""Which priors a bench compares: those that the images allow and what is set on the Prior screen, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import sources
from dashboard.parts import words
from engine.priors import PriorSpec, describe_priors, prior_text
from engine.priors.choice import read_choice
from engine.project import Project

ALONE = "augmentation"  # each image with another view of itself: what priors are compared with


def bench_priors(project: Project) -> list[str]:
    """Draw the choice, and a field for what it does not offer; returns the priors as on the command line."""
    mine = [spec for spec in read_choice(project) if spec.name != ALONE]
    offered = _offered(mine, [offer.spec for offer in sources.recommendation(project).offers])
    chosen = st.multiselect(
        "Priors",
        list(offered),
        list(offered)[: 2 if mine else 1],
        format_func=offered.__getitem__,
        key="bench-priors",
        help="A training each, for every method. Offered is what your columns allow, and what is set on Prior.",
    )
    with st.expander("Other priors, written out", icon=":material/tune:"):
        written = st.text_input(
            "Priors as on the command line, with commas",
            key="bench-more-priors",
            placeholder="same_group:slide, same_patient+magnification",
            help="Settings stand behind colons; a+b is one training with both.",
        )
    return list(dict.fromkeys([*chosen, *(part.strip() for part in written.split(",") if part.strip())]))


def _offered(mine: Sequence[PriorSpec], fitting: Sequence[PriorSpec]) -> dict[str, str]:
    """Priors as on the command line → in words: none, what is set on the Prior screen, what the columns allow."""
    told = {ALONE: "Augmentation alone"}
    if mine:
        text = "+".join(prior_text(spec) for spec in mine)
        told[text] = f"{words.sentence(describe_priors(mine))}, as set on Prior"
    for spec in fitting:
        told.setdefault(prior_text(spec), words.sentence(describe_priors([spec])))
    return told
