"""A progress bar that an engine call can move: for work that is watched, not sent to a job."""

import streamlit as st

from engine.types import Progress


def progress_bar(text: str) -> Progress:
    """Draw an empty bar; the Progress that is returned fills it."""
    bar = st.progress(0.0, text)

    def advance(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"{text} · {done:,} of {total:,}")

    return advance
