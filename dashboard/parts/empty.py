"""An empty state: what would stand here, and the one thing to do next."""

import streamlit as st

from dashboard import state


def empty(title: str, text: str, *, action: str = "", screen: str = "", icon: str = "arrow_forward") -> None:
    """Draw an empty state; `action` is a button that leads to `screen`.

    Args:
        icon: name of a Material symbol, for the button.
    """
    with st.container(key=f"empty-{screen or 'here'}", horizontal_alignment="center", gap="small"):
        st.header(title, anchor=False)
        st.markdown(text)
        if action and st.button(action, type="primary", icon=f":material/{icon}:", key=f"leave-empty-{screen}"):
            state.go(screen)
