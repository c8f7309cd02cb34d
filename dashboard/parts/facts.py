"""A row of facts: a number large, what it counts small below."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def facts(items: Sequence[tuple[str, str]]) -> None:
    """Draw (value, what it is) side by side."""
    for column, (value, text) in zip(st.columns(len(items), gap="medium"), items, strict=True):
        column.html(f"<div class='fact'><b>{escape(value)}</b><span>{escape(text)}</span></div>")
