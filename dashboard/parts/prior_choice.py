"""Which priors are on, each with its share of the pairs; one of any column may be on several times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.meter import meter
from dashboard.parts.prior_card import prior_card
from engine.catalogue import Card, card_settings
from engine.priors import PriorSpec
from engine.priors.weights import fitted, shares_of
from engine.settings import COLUMN

SEVERAL = "same_group"  # a prior of any column, so that there may be one for each of several
REDRAWN = "priors redrawn"  # counts up when priors are set other than by their fields, which then begin anew


Add = Callable[[PriorSpec], None]


def choose_priors(cards: Sequence[Card], chosen: Sequence[PriorSpec], columns: list[str], add: Add) -> list[PriorSpec]:
    """Draw a card per prior; returns those that are on as they are set now, shares perhaps above 1 in all.

    Args:
        cards: of all priors.
        chosen: those that were on before.
        columns: of the image table.
        add: puts one on beside those that are.
    """
    cards = sorted(cards, key=lambda card: "recipes" in card)  # what the data knows comes first
    on = {spec.name for spec in chosen}
    ready = [card for card in cards if card["name"] in on or not _missing_columns(card, columns)]
    others = [card for card in cards if card not in ready]
    now = [spec for card in ready for spec in _choose(card, chosen, columns, add)]
    if others:
        with st.expander(f"{words.count(len(others), 'more prior')}, for images with other columns"):
            now += [spec for card in others for spec in _choose(card, [], columns, add)]
    return now


def share_meter(specs: Sequence[PriorSpec]) -> None:
    """Show how the priors share the pairs; nothing while one prior alone gives pairs, or none."""
    shares = shares_of(specs)
    if len(shares) < 3:
        return
    st.markdown("**Where the pairs come from**")
    meter([(words.sentence(name), round(100 * share)) for name, share in shares if share], whole=100, unit="%")


def made_to_fit(now: Sequence[PriorSpec], before: Sequence[PriorSpec]) -> list[PriorSpec]:
    """The priors with shares that leave room for each other; where some had to be lowered, their fields begin anew."""
    fit = fitted(now, before)
    if fit != list(now):
        redraw()
        state.notify("All shares together are 100% at most, so others were lowered to make room.")
    return fit


def _choose(card: Card, chosen: Sequence[PriorSpec], columns: list[str], add: Add) -> list[PriorSpec]:
    """The cards of one prior: one, or one for each time that it is on."""
    name, before = card["name"], [spec for spec in chosen if spec.name == card["name"]]
    anew = f"-{state.value(REDRAWN)}" if state.value(REDRAWN) else ""
    names = [anew, *(f"{anew}-{place}" for place in range(2, len(before) + 1))]
    shown: list[PriorSpec | None] = [*before] or [None]
    cards = [prior_card(card, spec, columns, key) for spec, key in zip(shown, names, strict=True)]
    now = [spec for spec in cards if spec]
    if name != SEVERAL or not now:
        return now
    unused = [column for column in columns if column not in {spec.settings.get("column") for spec in now}]
    if unused:
        commit_button(
            "And the same of another column",
            partial(add, PriorSpec(name, {"column": unused[0], "share": _left(chosen)})),
            icon=":material/add:",
            type="tertiary",
            key="another",
        )
    if len(now) < len(cards):
        redraw()
    return now


def _left(chosen: Sequence[PriorSpec]) -> float:
    """The share that a further prior begins with: half of what the others leave."""
    *_, (_, left) = shares_of(chosen)
    return round(left / 2, 2)


def redraw() -> None:
    """Let the fields of all priors begin anew from what is chosen."""
    state.set_value(REDRAWN, state.value(REDRAWN, 0) + 1)


def _missing_columns(card: Card, columns: Sequence[str]) -> list[str]:
    """Columns that a prior usually reads and the images do not have."""
    usual = [one.default for one in card_settings(card) if one.unit == COLUMN and not one.advanced]
    return [name for name in usual if name and name not in columns]
