"""A calm card for whatever went wrong: the engine's own sentence, or where the log lies. Never a stack trace."""

import traceback

import streamlit as st

from dashboard.parts import words
from engine import home
from engine.errors import EngineError


class ToldHere:
    """Says an EngineError where it arises, such as under a field, so that the rest of the screen stays."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        return isinstance(error, EngineError) and show_trouble(error)


def told_here() -> ToldHere:
    """As in `with told_here():`, which goes on behind the block where an EngineError ended it."""
    return ToldHere()


def show_trouble(error: Exception) -> bool:
    """Draw the card for an error; True says that nothing else needs to be shown.

    Args:
        error: an EngineError, whose message is shown as it is, or anything unforeseen, which goes to the log.
    """
    if isinstance(error, EngineError):
        st.warning(words.plain(str(error)), icon=":material/info:")
        return True
    log = home.note_trouble("".join(traceback.format_exception(error)))
    st.error(
        f"Something went wrong that Handful did not foresee. Your labels are safe. Reload the page to go on; "
        f"the details are in {log}.",
        icon=":material/error:",
    )
    return True
