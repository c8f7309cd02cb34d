"""Scores against a truth file: the sums, where answers go wrong, and class by class."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.parts import words
from dashboard.parts.confusion import confusion
from dashboard.parts.facts import facts
from dashboard.parts.reliability import reliability
from engine.evaluate import Scores
from engine.evaluate.matrix import matrix

SUMS = {"balanced_accuracy": "balanced accuracy", "accuracy": "accuracy", "macro_f1": "macro F1"}


def score_card(scores: Scores, compared: str = "images compared") -> None:
    """Draw the scores; every share stands beside its 95% interval."""
    facts(
        [
            *((f"{getattr(scores, name):.1%}", _about(scores, name)) for name in SUMS),
            (f"{scores.images:,}", compared),
        ]
    )
    st.caption(" ".join(_notes(scores)))
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        st.markdown(
            "**What each class was taken for**", help="Rows: the truth. Columns: the answer. Colour: share of the row."
        )
        confusion(matrix(scores))
    with right:
        if scores.calibration:
            reliability(scores.calibration)
        else:
            _per_class(scores)
    if scores.calibration:
        _per_class(scores)


def _about(scores: Scores, name: str) -> str:
    interval = scores.intervals.get(name)
    return f"{SUMS[name]}, {interval[0]:.1%} to {interval[1]:.1%}" if interval else SUMS[name]


def _notes(scores: Scores) -> list[str]:
    drawn = f"whole groups of “{scores.group}” ({scores.groups:,})" if scores.group else "single images"
    notes = [
        f"Intervals hold in 95 of 100 such samples, drawn from {drawn}. An image without an answer counts as wrong."
    ]
    if scores.labelled:
        notes.append(f"{words.count(scores.labelled, 'image')} labelled by hand left out.")
    if scores.unmatched:
        some = ", ".join(scores.unmatched[:3])
        notes.append(f"{words.count(len(scores.unmatched), 'path')} of the truth match no image, such as {some}.")
    if scores.conflicting:
        notes.append(
            f"{words.count(len(scores.conflicting), 'image')} left out, to which the truth gives several classes."
        )
    return notes


def _per_class(scores: Scores) -> None:
    st.markdown("**Class by class**")
    st.dataframe(
        pd.DataFrame(scores.per_class),
        hide_index=True,
        column_order=["class", "images", "f1", "precision", "recall"],
        column_config={
            "class": st.column_config.TextColumn("class", width="medium"),
            "images": st.column_config.NumberColumn("images", help="in the truth, not labelled by hand"),
            "f1": st.column_config.ProgressColumn("F1", min_value=0.0, max_value=1.0, format="%.2f"),
            "precision": st.column_config.NumberColumn(
                "precision", format="%.2f", help="of those taken for it, are it"
            ),
            "recall": st.column_config.NumberColumn("recall", format="%.2f", help="of those that are it, were found"),
        },
    )
