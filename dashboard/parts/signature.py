"""Who labels: asked once a browser, shown in the strip, changed from there."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.parts.committing import commit_button

LONGEST = 60  # letters of a name
NAME = "who is labelling"  # key of the field


def ask_signature() -> None:
    """Ask for the annotator's name where this browser does not know it yet; labelling does not wait for the answer."""
    if state.annotator_known():
        return
    with st.form("signature", border=True):
        words, field, button = st.columns([3, 2, 1], vertical_alignment="center")
        words.markdown("**Who is labelling?** The name stands beside every label from now on.")
        field.text_input("Your name", state.annotator(), label_visibility="collapsed", max_chars=LONGEST, key=NAME)
        commit_button("That is me", _sign, draw=button.form_submit_button, type="primary", width="stretch")


def _sign() -> None:
    if name := state.entered(NAME).strip():
        state.set_annotator(name)


def signature() -> None:
    """A button with the annotator's name; click to sign with another."""
    who = state.annotator()
    with st.popover(who, icon=":material/person:", type="tertiary", help="Who is labelling", key="signature-button"):
        with st.container(width=300):
            name = st.text_input("Labels are signed", who, max_chars=LONGEST, key=f"signature-{who}")
            st.caption("This browser remembers the name. Labels that were given before keep the name they have.")
        if name.strip() and name.strip() != who:
            state.set_annotator(name.strip())
            st.rerun()
