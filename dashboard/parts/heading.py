"""The head of a screen: its name and one sentence on what it is for."""

from html import escape

import streamlit as st


def heading(title: str, text: str = "") -> None:
    """Draw a screen's title and, under it, what is done here."""
    st.title(title, anchor=False)
    if text:
        lead(text)


def lead(text: str) -> None:
    """Draw what is done on a screen."""
    st.html(f'<p class="lead">{escape(text)}</p>')
