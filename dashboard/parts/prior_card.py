"""A prior as a card that is switched on and off, with its settings when it is on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.parts import words
from dashboard.parts.forms import config_form, with_columns, with_defaults
from engine.catalogue import Card, card_settings
from engine.priors import PriorSpec
from engine.settings import COLUMN, Setting


def prior_card(card: Card, spec: PriorSpec | None, columns: list[str], anew: str = "") -> PriorSpec | None:
    """Draw the card; returns the prior as it is set, or None when it is off.

    Args:
        card: from the catalogue.
        spec: the prior as it was chosen before, None where it was not.
        columns: of the image table, to choose from where a prior asks for one.
        anew: tells this card from an earlier or another one of the same prior, whose fields it must not go on from.
    """
    name, settings = card["name"], card_settings(card)
    lacking = any(one.unit == COLUMN and one.default for one in settings) and not columns
    with st.container(border=True, key=f"{'chosen' if spec else 'prior'}-{name}{anew}", gap="xsmall"):
        on = st.toggle(
            f"**{card['title']}**", spec is not None and not lacking, key=f"use-{name}{anew}", disabled=lacking
        )
        st.markdown(f"{words.sentence(card['summary'])} :small[:gray[{words.cited(card['source'])}]]")
        if lacking:
            st.caption("Your images have no columns yet. The Data screen reads them from names, folders or a table.")
        values = _settings(card, settings, spec, columns, anew) if on else {}
    return PriorSpec(name, values) if on else None


def _settings(
    card: Card, settings: list[Setting], spec: PriorSpec | None, columns: list[str], anew: str
) -> dict[str, Any]:
    given = dict(spec.settings) if spec else {}
    name = card["name"]
    offered = [with_columns(one, columns) if one.unit == COLUMN and columns else one for one in settings]
    values = config_form(offered, f"prior-{name}{anew}", given, per_row=min(2, len(offered)))
    named = {one.name for one in settings if one.unit == COLUMN}
    values = {one.name: one.default for one in offered if one.name in named and one.default} | values
    if "recipes" in card:
        recipe = card["recipes"][values.get("preset", settings[0].default)]
        with st.expander("What a view may change", icon=":material/tune:"):
            changeable = with_defaults(card_settings({"settings": card["recipe_settings"]}), recipe)
            key = f"recipe-{values.get('preset', '')}{anew}"
            values |= config_form([replace(one, advanced=False) for one in changeable], key, given, per_row=2)
    return values
