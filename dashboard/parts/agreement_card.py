"""Agreement between annotators: kappa of each two, of all, and the images to settle."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import checks
from dashboard.parts.empty import empty
from dashboard.parts.facts import facts
from dashboard.parts.settling import settling_grid
from engine.evaluate.agreement import Agreement, Kappa
from engine.project import Project


def agreement_card(project: Project) -> None:
    """Draw the agreement and the conflicts."""
    found = checks.agreement(project)
    if not found.images:
        empty("Agreement needs two people", found.sentence)
        return
    whole = found.together or found.pairs[0]
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        kappa = "–" if whole.kappa is None else f"{whole.kappa:.2f}"
        facts(
            [(kappa, f"{_name(found)}{_interval(whole)}: {whole.word}"), (f"{whole.agreement:.0%}", "of labels agree")]
        )
        st.caption(
            "Kappa is agreement beyond chance: 0 is chance, 1 is full. Whoever sees what others said agrees more; "
            "label apart for a fair figure. Intervals: 95%, over images."
        )
    with right:
        _pairs(found)
    _conflicts(project, found)


def _name(found: Agreement) -> str:
    return "Fleiss’ kappa of all" if found.together else "Cohen’s kappa"


def _interval(one: Kappa) -> str:
    return f", {one.interval[0]:.2f} to {one.interval[1]:.2f}" if one.interval else ""


def _pairs(found: Agreement) -> None:
    rows = [
        {
            "people": " and ".join(one.people),
            "images": one.images,
            "agree": f"{one.agreement:.0%}",
            "kappa": "–" if one.kappa is None else f"{one.kappa:.2f}{_interval(one)}",
            "in a word": one.word,
        }
        for one in found.pairs
    ]
    columns = {"kappa": st.column_config.TextColumn("Cohen’s kappa", width="medium")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns)


def _conflicts(project: Project, found: Agreement) -> None:
    open_ones = [one for one in found.conflicts if not one.settled]
    settled = len(found.conflicts) - len(open_ones)
    st.markdown(f"**To settle: {len(open_ones):,}**" + (f" :small[· {settled:,} settled]" if settled else ""))
    if not open_ones:
        st.caption("Nobody contradicts anybody any more.")
        return
    captions = [" · ".join(f"{who}: {name}" for who, name in one.said.items()) for one in open_ones]
    settling_grid(project, [one.id for one in open_ones], captions, "conflicts", height=420)
