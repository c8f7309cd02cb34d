"""Names with counts as thin bars: group sizes, top values of a column, images per class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def meter(bars: Sequence[tuple[str, int]]) -> None:
    """Draw (name, count) under one another; the fullest bar has the whole width."""
    fullest = max((count for _, count in bars), default=1) or 1
    lines = "".join(_line(name, count, count / fullest) for name, count in bars)
    st.html(f"<div class='meter'>{lines}</div>")


def _line(name: str, count: int, width: float) -> str:
    return (
        f"<span class='name' title='{escape(name, quote=True)}'>{escape(name)}</span>"
        f"<span class='rail' style='--fill:{width:.1%}'></span>"
        f"<span class='count'>{count:,}</span>"
    )
