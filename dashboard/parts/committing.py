"""A button whose work is done before anything is drawn, so that no click or key that follows can overtake it.

A run in which `st.button` returns True may be interrupted before it comes to that line: by a label given a moment
later, by a click on the menu. Streamlit then drops the click. A callback runs first and whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.parts.trouble import show_trouble
from engine.errors import EngineError

REFUSED = "what was refused"


def commit_button(label: str, commit: Callable[[], str | None], **look: Any) -> None:
    """Draw the button.

    Args:
        commit: commits what the screen showed when the button was drawn, and says what was done where that is worth
            saying; draws nothing. Where it raises an EngineError, `tell_refusal` says why in the run that follows.
        look: as for `st.button`.
    """
    st.button(label, on_click=_commit, args=(commit,), **look)


def _commit(commit: Callable[[], str | None]) -> None:
    try:
        if said := commit():
            state.notify(said)
    except EngineError as error:
        state.set_value(REFUSED, error)


def tell_refusal() -> None:
    """Say why the last commit was refused, once. Called on every run, before the screen."""
    if error := state.value(REFUSED):
        state.set_value(REFUSED, None)
        show_trouble(error)
