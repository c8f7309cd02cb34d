"""The drawing of an idea, from assets/ideas, as a component: an image would not see the theme's colours."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "ideas"


def idea_drawing(name: str) -> None:
    """Draw assets/ideas/<name>.svg as wide as there is room."""
    _drawing(name)(key=f"idea-{name}")


@cache
def _drawing(name: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"handful.idea.{name}",
        html=(FOLDER / f"{name}.svg").read_text(encoding="utf-8"),
        css=(FOLDER / "ideas.css").read_text(encoding="utf-8"),
    )
