"""Suspects: labels that the other labels contradict, to confirm or correct."""

from __future__ import annotations

import streamlit as st

from dashboard import checks
from dashboard.parts.empty import empty
from dashboard.parts.settling import settling_grid
from engine.project import Project


def suspects(project: Project, embedding: str) -> None:
    """Draw the queue, the strongest doubt first."""
    found = checks.suspects(project, embedding)
    if not found.suspects:
        empty("No label is in doubt", found.sentence)
        return
    st.markdown(
        found.sentence,
        help="Each label is put aside, and the others say what the image is (confident learning, Northcutt et al. "
        "2021): that stands under each image. A label you confirm or correct here is settled and does not come back.",
    )
    settling_grid(
        project,
        [one.id for one in found.suspects],
        [f"others: {one.suggested} {one.probability:.0%}" for one in found.suspects],
        "suspects",
        embedding=embedding,
    )
