"""Keys and what they do, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def key_table(keys: Sequence[tuple[str, str]]) -> None:
    """Draw (key, what it does); several keys are separated by spaces, as “1 … 9” is."""
    st.html(f"<dl class='keys'>{''.join(_line(key, what) for key, what in keys)}</dl>")


def _line(key: str, what: str) -> str:
    caps = " ".join("…" if one == "…" else f"<kbd>{escape(one)}</kbd>" for one in key.split())
    return f"<dt>{caps}</dt><dd>{escape(what)}</dd>"
