"""Cards to choose one from: methods, encoders, presets."""

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


def choice_cards(choices: Sequence[Choice], chosen: str, key: str, per_row: int = 3) -> str:
    """Draw the cards, the chosen one marked; returns the name that is chosen after a click."""
    for first in range(0, len(choices), per_row):
        for column, choice in zip(st.columns(per_row, gap="small"), choices[first : first + per_row], strict=False):
            with column:
                if _card(choice, choice.name == chosen, key):
                    return choice.name
    return chosen


def _card(choice: Choice, is_chosen: bool, key: str) -> bool:
    with st.container(
        border=True, key=f"{'chosen' if is_chosen else 'choice'}-{key}-{choice.name}", gap="xsmall", height="stretch"
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{choice.title}**", width="content")
            if choice.badge:
                st.badge(choice.badge, color="violet")
        st.markdown(choice.text)
        if choice.reason:
            st.markdown(f":gray[{choice.reason}]")
        if choice.note:
            st.markdown(f":small[:gray[{choice.note}]]")
        st.space("stretch")
        return st.button(
            "Chosen" if is_chosen else "Choose",
            key=f"{key}-choose-{choice.name}",
            disabled=is_chosen,
            icon=":material/check:" if is_chosen else None,
            type="tertiary",
        )
