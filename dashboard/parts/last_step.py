"""What was done last, and a button that undoes it."""

from __future__ import annotations

import streamlit as st

from dashboard import reads, state
from engine.project import Project


def last_step(project: Project) -> None:
    """Draw the last step of this annotator with an Undo button; nothing where there is none."""
    store, who = reads.labels(project), state.annotator()
    done = store.undoable(who)
    if not done:
        return
    if st.button("Undo", icon=":material/undo:", type="tertiary", key="undo-last-step", help=f"Last step: {done}"):
        state.notify(store.undo(who))
        st.rerun()
