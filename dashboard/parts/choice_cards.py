"""Cards to choose one from: methods, presets. As many side by side as are readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Choice:
    """One card."""

    name: str
    title: str
    text: str
    note: str = ""  # small print: source, cost
    badge: str = ""  # a word that sets it apart, such as “recommended”
    reason: str = ""  # when to take it
    facts: Sequence[str] = ()  # a few words each
    caveat: str = ""  # what it takes for granted


def choice_cards(choices: Sequence[Choice], chosen: str, key: str, *, wide: bool = False) -> str:
    """Draw the cards, the chosen one marked; returns the name that is chosen after a click.

    Args:
        key: tells these cards from others on the screen; several calls may share it where their names differ.
        wide: one card a row.
    """
    if not choices:
        return chosen
    picked = chosen
    with st.container(key=f"{'wide' if wide else 'cards'}-{key}", gap="small"):
        for choice in choices:
            if _card(choice, choice.name == chosen, key):
                picked = choice.name
    return picked


def _card(choice: Choice, is_chosen: bool, key: str) -> bool:
    with st.container(
        border=True, key=f"{'chosen' if is_chosen else 'choice'}-{key}-{choice.name}", gap="xsmall", height="stretch"
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**{choice.title}**", width="content")
            if choice.badge:
                st.badge(choice.badge, color="violet")
        if choice.facts:
            st.markdown(" ".join(f":gray-badge[{fact}]" for fact in choice.facts))
        st.markdown(choice.text)
        if choice.reason:
            st.markdown(f":small[:gray[{choice.reason}]]")
        if choice.caveat:
            st.markdown(f":small[:gray[{choice.caveat}]]")
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"foot-{key}-{choice.name}"):
            clicked = st.button(
                "Chosen" if is_chosen else "Choose",
                key=f"{key}-choose-{choice.name}",
                disabled=is_chosen,
                icon=":material/check:" if is_chosen else None,
                type="tertiary",
            )
            if choice.note:
                st.markdown(f":small[:gray[{choice.note}]]", width="stretch", text_alignment="right")
        return clicked
