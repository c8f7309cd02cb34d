"""Names with counts as thin bars: group sizes, top values of a column, images per class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def meter(bars: Sequence[tuple[str, int]], whole: int = 0, unit: str = "") -> None:
    """Draw (name, count) under one another; a bar of `whole` has the whole width, or the fullest where it is 0."""
    fullest = whole or max((count for _, count in bars), default=1) or 1
    lines = "".join(_line(name, f"{count:,}{unit}", min(1.0, count / fullest)) for name, count in bars)
    st.html(f"<div class='meter'>{lines}</div>")


def _line(name: str, count: str, width: float) -> str:
    return (
        f"<span class='name' title='{escape(name, quote=True)}'>{escape(name)}</span>"
        f"<span class='rail' style='--fill:{width:.1%}'></span>"
        f"<span class='count'>{escape(count)}</span>"
    )
