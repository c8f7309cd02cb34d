"""How high a component is: so many pixels, or all that the window leaves below what stands above it.

What the window leaves is found by the browser: every box around such a component grows (assets/theme.css), so nothing
need know how high the rest of its screen is, and nothing moves when that changes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import streamlit as st

WINDOW: Literal["window"] = "window"
Height = int | Literal["window"]  # CSS pixels, or what the window leaves


def room(height: Height, key: str) -> AbstractContextManager[object]:
    """Where to mount the component with this key."""
    return st.container(key=f"{WINDOW}-{key}") if height == WINDOW else nullcontext()
