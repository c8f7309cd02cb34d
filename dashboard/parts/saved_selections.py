"""Selections under a name: keep the one on the map, come back to one that was kept, by whomever."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.companions import show_selection
from dashboard.parts.scene import Scene
from engine.labels.selections import LONGEST_NAME, Selection, delete_selection, save_selection
from engine.types import Indices

NAME = "name of the selection"  # key of its field


def saved_selections(scene: Scene) -> None:
    """A popover with the selections of the project, and a line that keeps the present one."""
    kept = reads.selections(scene.project)
    with (
        st.popover(
            "Selections",
            icon=":material/bookmarks:",
            help="Keep a selection under a name, or come back to one",
            type="tertiary",
            key="kept-selections",
        ),
        st.container(width=320, gap="small"),
    ):
        st.markdown("**Kept selections**")
        if not kept:
            st.caption("None yet. A selection that is kept is there for everybody who opens the project.")
        for one in kept:
            _offer(scene, one)
        _keep(scene)


def _offer(scene: Scene, one: Selection) -> None:
    rows = one.rows(scene.table)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = f"{one.name} · {words.count(len(rows), 'image')}"
        told = f"Select these images. Kept by {one.who} on {one.made[:10]}"
        commit_button(
            label,
            partial(_select, rows),
            help=told,
            key=f"select-{one.name}",
            width="stretch",
            disabled=not len(rows),
        )
        commit_button(
            ":material/delete:",
            partial(delete_selection, scene.project, one.name),
            help=f"Forget “{one.name}”",
            key=f"forget-{one.name}",
            type="tertiary",
        )


def _select(rows: Indices) -> None:
    show_selection()
    state.set_selection(rows)


def _keep(scene: Scene) -> None:
    rows = state.selection()
    if not len(rows):
        st.caption("Draw around some images on the map to keep them under a name.")
        return
    with st.form("keep-selection", clear_on_submit=True, border=False):
        st.text_input(f"Name for the {words.count(len(rows), 'selected image')}", max_chars=LONGEST_NAME, key=NAME)
        commit_button(
            "Keep",
            partial(_kept, scene, rows),
            draw=st.form_submit_button,
            icon=":material/bookmark_add:",
            width="stretch",
        )


def _kept(scene: Scene, rows: Indices) -> None:
    if name := state.entered(NAME).strip():
        save_selection(scene.project, name, scene.table.ids[rows], state.annotator())
