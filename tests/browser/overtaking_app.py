"""A row whose button makes way for two others while the rest of the page is still being drawn."""

import time
from pathlib import Path

import streamlit as st

THEME = Path(__file__).parents[2] / "assets" / "theme.css"
SLOW = 2.5  # seconds


def press(name: str) -> None:
    st.session_state["pressed"] = [*st.session_state.get("pressed", []), name]


st.html(THEME)
pressed = st.session_state.get("pressed", [])
with st.container(horizontal=True):
    st.markdown("A line that takes what the buttons leave", width="stretch")
    for name in ("Second", "Third") if pressed else ("First",):
        st.button(name, key=name, on_click=press, args=(name,))
if pressed:
    time.sleep(SLOW)
st.markdown(f"Pressed: {', '.join(pressed) or 'none'}.")
