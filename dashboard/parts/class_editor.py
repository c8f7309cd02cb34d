"""The class editor, in a dialog that any screen may open, or on the screen itself while there are no classes."""

from __future__ import annotations

import streamlit as st

from dashboard import reads, state
from dashboard.components.classes import ClassRow, class_rows
from dashboard.links import project_key
from dashboard.parts.label_events import class_events
from engine.labels.palette import OKABE_ITO, TOL_MUTED
from engine.project import Project

PALETTE = (*OKABE_ITO, *TOL_MUTED)


@st.dialog("Classes", width="medium", on_dismiss="rerun")
def edit_classes(project: Project) -> None:
    """Open the editor over the screen."""
    st.markdown(
        "Click a colour or a name to change it. Merging and deleting ask first, and **Ctrl Z** on the Label screen "
        "undoes any of it."
    )
    class_editor(project, "classes-dialog")


def class_editor(project: Project, place: str) -> None:
    """Draw the editor.

    Args:
        place: where it stands; one editor a place.
    """
    counts = reads.tally(project).per_class
    rows = [
        ClassRow(one.id, one.name, one.colour, one.key, counted.count)
        for one, counted in zip(reads.classes(project), counts, strict=True)
    ]
    class_rows(rows, PALETTE, class_events(project, state.annotator()), key=f"{place}-{project_key(project)}")
