"""Who labels: asked once, kept in the address, changed from a small button."""

from __future__ import annotations

import streamlit as st

from dashboard import state


def ask_signature() -> None:
    """Ask for the annotator's name where this tab does not know it yet; labelling does not wait for the answer."""
    if state.annotator_known():
        return
    with st.form("signature", border=True):
        words, field, button = st.columns([3, 2, 1], vertical_alignment="center")
        words.markdown("**Who is labelling?** The name stands beside every label from now on.")
        name = field.text_input("Your name", state.annotator(), label_visibility="collapsed", max_chars=60)
        if button.form_submit_button("That is me", type="primary", width="stretch") and name.strip():
            state.set_annotator(name.strip())
            st.rerun()


def signature() -> None:
    """A button with the annotator's name; click to sign with another."""
    with st.popover(state.annotator(), icon=":material/person:", help="Who is labelling"):
        name = st.text_input("Labels are signed", state.annotator(), max_chars=60)
        if name.strip() and name.strip() != state.annotator():
            state.set_annotator(name.strip())
            st.rerun()
