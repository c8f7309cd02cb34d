"""A grid of doubtful labels: a class key settles what an image is, a button confirms what was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from dashboard import links, reads, state
from dashboard.components.grid import GridEvent, image_grid
from dashboard.components.height import WINDOW, Height
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.label_events import grid_events
from dashboard.parts.last_step import last_step
from engine.labels.store import LabelStore
from engine.project import Project


def settling_grid(
    project: Project,
    images: Sequence[str],
    captions: Sequence[str],
    view: str,
    *,
    embedding: str = "",
    height: Height = WINDOW,
    empty: str = "",
) -> None:
    """Draw the grid with its button above.

    Args:
        images: ids, in the order to show.
        captions: one line under each.
        view: where this is, a word written beside each label.
        embedding: in which to look for what is like an image; "" for not at all.
    """
    store, table = reads.labels(project), reads.table(project)
    known = np.isin(np.asarray(images, object), table.ids)
    rows = table.rows([image for image, there in zip(images, known, strict=True) if there])
    captions = [caption for caption, there in zip(captions, known, strict=True) if there]
    head = st.container(horizontal=True, vertical_alignment="center")
    codes, classes = store.label_codes(list(table.ids[rows]))
    answer = image_grid(
        project,
        table,
        rows,
        key=f"{view}-{links.project_key(project)}",
        classes=classes,
        labels=codes,
        captions=captions,
        embedding=embedding,
        exemplars=reads.exemplars(project),
        on_event=settle(project, state.annotator(), view),
        report_selection=True,
        similar=False,
        height=height,
        size=156,
        empty=empty or "Nothing here.",
    )
    with head:
        st.caption("Select images, then press their class’s key, or confirm them as they are.", width="stretch")
        last_step(project)
        chosen = answer.selected
        label = f"Confirm {len(chosen):,} selected" if len(chosen) else "Confirm selected"
        commit_button(
            label,
            partial(confirm, project, list(table.ids[chosen]), view),
            icon=":material/done:",
            disabled=not len(chosen),
            key=f"confirm-{view}",
        )


def confirm(project: Project, images: list[str], view: str) -> str:
    """Settle images as what they are labelled now; says how many."""
    current = reads.labels_current(project).set_index("image")["class_id"]
    ids = np.asarray([current[image] for image in images], np.int64)
    reads.labels(project).confirm(images, ids, state.annotator(), {"screen": view})
    return f"Confirmed {words.count(len(images), 'label')}."


def settle(project: Project, who: str, view: str) -> Callable[[GridEvent], None]:
    """What keys in the grid do; each is on disk when the function returns."""

    def confirm(store: LabelStore, images: list[str], class_id: int, event: GridEvent) -> None:
        store.confirm(images, [class_id] * len(images), who, {"screen": view, "event": event.stamp})

    return grid_events(project, who, confirm)
