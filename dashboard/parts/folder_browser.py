"""A browser of the folders on this machine, inside the allowed roots; the user clicks down, up, or types a path."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.parts.committing import commit_button
from dashboard.parts.trouble import told_here
from engine import home


def folder_browser(key: str, label: str = "Folder") -> Path | None:
    """Draw a path field with the folders below it; returns the folder that is chosen, or None while there is none.

    A path that cannot be opened is told of under the field, and nothing is chosen until it is mended.
    """
    here, field = state.value(key, ""), f"{key}-typed"
    if state.undrawn(field) or state.value(field) != here:  # turned to since the field was drawn
        state.fill(field, here)
        state.set_value(field, here)
    typed = st.text_input(
        label,
        key=field,
        placeholder="Type or paste a path, or choose below",
        icon=":material/folder:",
    )
    with told_here():
        if typed == here:
            return _listing(here, key)
        _turn_to(home.existing_folder(Path(typed.strip())) if typed.strip() else None, key)
        st.rerun()
    return None


def _turn_to(folder: Path | None, key: str) -> None:
    """Look at another folder, or at the places to begin at."""
    state.set_value(key, str(folder or ""))


def _listing(here: str, key: str) -> Path | None:
    """Draw what lies below a folder, or the places to begin at; returns the folder."""
    if not here:
        _buttons([(str(root), root) for root in home.allowed_roots()], key)
        return None
    folder = home.existing_folder(Path(here))
    upper = home.parent_folder(folder)
    _buttons([("..", upper), *((one.name, one) for one in home.subfolders(folder))], key)
    return folder


def _buttons(folders: list[tuple[str, Path | None]], key: str) -> None:
    with st.container(border=True, gap=None, key=f"{key}-folder-list"):
        for name, folder in folders:
            icon = ":material/arrow_upward:" if name == ".." else ":material/folder:"
            shown = "All places" if name == ".." and folder is None else "Up" if name == ".." else name
            turn = partial(_turn_to, folder, key)
            commit_button(shown, turn, icon=icon, type="tertiary", key=f"{key}-{folder or 'roots'}-{name}")
