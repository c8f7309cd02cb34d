"""Cards to choose one from: methods, presets. As many side by side as are readable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.parts.committing import commit_button


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


Choose = Callable[[str], None]


def choice_cards(choices: Sequence[Choice], chosen: str, choose: Choose, key: str, *, wide: bool = False) -> None:
    """Draw the cards, the chosen one marked.

    Args:
        choose: called with the name of the card that is clicked.
        key: tells these cards from others on the screen; several calls may share it where their names differ.
        wide: one card a row.
    """
    if not choices:
        return
    with st.container(key=f"{'wide' if wide else 'cards'}-{key}", gap="small"):
        for choice in choices:
            _card(choice, choice.name == chosen, choose, key)


def _card(choice: Choice, is_chosen: bool, choose: Choose, key: str) -> None:
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
            commit_button(
                "Chosen" if is_chosen else "Choose",
                partial(choose, choice.name),
                key=f"{key}-choose-{choice.name}",
                disabled=is_chosen,
                icon=":material/check:" if is_chosen else None,
                type="tertiary",
            )
            if choice.note:
                st.markdown(f":small[:gray[{choice.note}]]", width="stretch", text_alignment="right")
