"""A button that commits something, so that no click or key that follows can overtake it.

A run in which `st.button` returns True may be interrupted before it comes to that line: by a label given a moment
later, by a click on the menu. Streamlit then drops the click. A callback runs first and whole, so what a button commits
is done there, on what the screen showed when the button was drawn.

What is made of fields cannot be: a field may have changed since the button was drawn. Its press is kept instead until
a run has read the fields and comes to the button, however many runs are overtaken before. So is that of long work which
shows how far it is, until it is done: overtaken in the middle, it is begun again. Whoever leaves the screen before
takes the fields along, and is told that nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from dashboard import state
from dashboard.parts.trouble import show_trouble, told_here
from engine.errors import EngineError

Commit = Callable[[], str | None]  # does the work, and says what was done where that is worth saying

REFUSED = "what was refused"
PRESSED = "the press that is kept"
COMMITTED = "whether something was committed before this run"
NEXT = "the screen to turn to"
SCREEN = "the screen that is shown"


@dataclass(frozen=True)
class _Press:
    """A press that waits for the run that comes to its button."""

    key: str
    label: str
    screen: str


def commit_button(
    label: str,
    commit: Commit,
    *,
    then: str = "",
    waits: bool = False,
    draw: Callable[..., object] = st.button,
    **look: Any,
) -> None:
    """Draw the button; a fragment that has one begins with `catch_up`.

    Args:
        commit: draws nothing, unless it waits. An EngineError that it raises is told by `tell_refusal`, or where it
            waits beneath the button.
        then: screen to turn to once it is done.
        waits: whether the press waits for the run that comes to the button, since `commit` holds what fields say; if
            it draws, it must be fit to be begun again. It asks for no other run itself.
        draw: `st.button` of a column, or `st.form_submit_button`; of a form whose fields are emptied, `commit` reads
            them by `state.entered`.
        look: as for `draw`; with a `key` where it waits.
    """
    if not waits:
        draw(label, on_click=_commit, args=(commit, then), **look)
        return
    draw(label, on_click=_keep, args=(look["key"], label), **look)
    press = state.value(PRESSED)
    if press and press.key == look["key"] and not look.get("disabled"):
        forget_press()
        with told_here():
            try:
                _do(commit, then)
            except RerunException:  # the run is overtaken meanwhile: the press waits for the next
                state.set_value(PRESSED, press)
                raise
            st.rerun()


def tell_refusal() -> None:
    """Say why the last commit was refused, once. Called on every run, before the screen."""
    if error := state.value(REFUSED):
        state.set_value(REFUSED, None)
        show_trouble(error)


def follow_press(screen: str) -> None:
    """Turn to the screen that a press leads to; refuse one whose screen was left. Called on every run, first."""
    state.set_value(SCREEN, screen)
    state.set_value(COMMITTED, False)
    if then := state.value(NEXT):
        state.set_value(NEXT, None)
        state.go(then)
    press = state.value(PRESSED)
    if press and press.screen != screen:
        state.set_value(PRESSED, None)
        state.set_value(
            REFUSED, EngineError(f"You left before “{press.label}” was done, so it was not. Press it again.")
        )


def catch_up() -> None:
    """Let the whole screen be drawn after a commit in a fragment: it is told of there, and changes more than that."""
    if state.value(COMMITTED):
        st.rerun()


def forget_press() -> None:
    """Let no press outlast a run that had no button for it. Called when a screen is drawn."""
    state.set_value(PRESSED, None)


def _keep(key: str, label: str) -> None:
    state.set_value(PRESSED, _Press(key, label, state.value(SCREEN, "")))


def _commit(commit: Commit, then: str) -> None:
    state.set_value(COMMITTED, True)
    try:
        _do(commit, then)
    except EngineError as error:
        state.set_value(REFUSED, error)


def _do(commit: Commit, then: str) -> None:
    if said := commit():
        state.notify(said)
    state.set_value(NEXT, then)
