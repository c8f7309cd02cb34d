"""How a verdict came about: the thresholds that were tested, or the parts that were promised, as a small table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.accept import Verdict

COLUMNS = {
    "threshold": st.column_config.NumberColumn("from", format="%.2f", help="probability"),
    "name": st.column_config.TextColumn("part"),
    "answers": st.column_config.NumberColumn("answers"),
    "checked": st.column_config.NumberColumn("checked"),
    "wrong": st.column_config.NumberColumn("wrong"),
    "accepted": st.column_config.NumberColumn("accepted"),
    "bound": st.column_config.NumberColumn(
        "bound", format="percent", help="share of wrong answers that is not exceeded, by an exact test"
    ),
    "passed": st.column_config.CheckboxColumn("passed"),
}


def audit_steps(verdict: Verdict) -> None:
    """Draw the steps of a single promise, or the parts of several, folded away."""
    steps = [step for part in verdict.parts for step in part.steps]
    several = len(verdict.parts) > 1
    if not several and not steps:
        return
    with st.expander("How this came about"):
        if several:
            st.dataframe(
                pd.DataFrame([part.__dict__ for part in verdict.parts]),
                hide_index=True,
                column_order=["name", "answers", "checked", "wrong", "accepted", "threshold"],
                column_config=COLUMNS,
            )
        else:
            st.caption("Thresholds are tested from the strictest down and end at the first that fails.")
            st.dataframe(
                pd.DataFrame([step.__dict__ for step in steps]),
                hide_index=True,
                column_order=["threshold", "answers", "checked", "wrong", "bound", "passed"],
                column_config=COLUMNS,
            )
