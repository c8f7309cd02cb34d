"""The class editor, in a dialog that any screen may open, or on the screen itself while there are no classes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import reads, state
from dashboard.components.classes import ClassRow, class_rows
from dashboard.components.events import Event
from dashboard.links import project_key
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
    class_rows(rows, PALETTE, _act(project), key=f"{place}-{project_key(project)}")


def _act(project: Project) -> Callable[[Event], None]:
    def act(event: Event) -> None:
        store, who = reads.labels(project), state.annotator()
        match event["kind"]:
            case "add":
                store.add_class(event["name"], who)
            case "rename":
                store.rename_class(event["class"], event["name"], who)
            case "recolour":
                store.recolour_class(event["class"], event["colour"], who)
            case "merge":
                store.merge_classes(event["class"], event["into"], who)
            case "delete":
                store.delete_class(event["class"], who)

    return act
