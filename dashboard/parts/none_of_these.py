"""None of these: images unlike every class, group by group, as candidates for a new one."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from dashboard import checks, links, reads, state
from dashboard.components.grid import image_grid
from dashboard.components.height import WINDOW
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.empty import empty
from dashboard.parts.label_events import grid_events
from dashboard.parts.last_step import last_step
from engine.evaluate.new_classes import NewClasses
from engine.project import Project
from engine.types import Indices

SHOWN = 8  # groups in the control
ALL = 0  # the entry of all candidates


def none_of_these(project: Project, embedding: str) -> None:
    """Draw the groups, the images of the chosen one, and the way to make a class of them."""
    found = checks.new_classes(project, embedding)
    if not len(found.rows):
        empty(
            "Nothing stands out" if found.enough else "Too early to tell",
            found.sentence,
            action="" if found.enough else "Label images",
            screen="" if found.enough else "label",
            icon="label",
        )
        return
    st.markdown(
        found.sentence,
        help="An image is listed when it and its neighbours lie farther from the nearest label than 95 of 100 labels "
        "lie from the others. Images of a patient without labels may be unlike all others for that alone.",
    )
    place = _choose(found)
    images = found.ids[found.rows if place == ALL else found.groups[place - 1]]
    table = reads.table(project)
    known = np.isin(images, table.ids)
    rows = table.rows(list(images[known]))
    head = st.container(horizontal=True, vertical_alignment="bottom")
    codes, classes = reads.labels(project).label_codes(list(table.ids[rows]))
    answer = image_grid(
        project,
        table,
        rows,
        key=f"none-of-these-{links.project_key(project)}",
        classes=classes,
        labels=codes,
        embedding=embedding,
        exemplars=reads.exemplars(project),
        on_event=grid_events(project, state.annotator()),
        report_selection=True,
        height=WINDOW,
        size=120,
    )
    with head:
        _new_class(project, answer.selected)


def _choose(found: NewClasses) -> int:
    """The group to show, 1 for the first; ALL for all."""
    names = {ALL: f"All {len(found.rows):,}"}
    names |= {place + 1: f"Group {place + 1} · {len(group):,}" for place, group in enumerate(found.groups[:SHOWN])}
    chosen = st.pills(
        "Group", list(names), default=1 if found.groups else ALL, format_func=lambda place: names[place],
        label_visibility="collapsed", required=True, key="none-of-these-group",
    )  # fmt: skip
    return chosen if chosen in names else ALL


def _new_class(project: Project, selected: Indices) -> None:
    """A name and a button that makes it a class of the selected images."""
    name = st.text_input("Name of the new class", key="new-class-name", placeholder="for instance, vessels", width=260)
    label = f"Label {words.count(len(selected), 'image')} as this class" if len(selected) else "Label the selected"
    commit_button(
        label,
        partial(_labelled, project, list(reads.table(project).ids[selected]), name),
        type="primary",
        icon=":material/new_label:",
        disabled=not len(selected) or not name.strip(),
        help="Click images to select them, A for all, then give the class a name.",
    )
    st.space("stretch")
    last_step(project)


def _labelled(project: Project, images: list[str], name: str) -> str:
    reads.labels(project).label_as(images, name, state.annotator(), "grid", {"screen": "none of these"})
    return f"Labelled {words.count(len(images), 'image')} “{name.strip()}”."
