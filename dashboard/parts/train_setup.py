"""A new training: method, effort, settings; beside them what will happen and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import reads, state
from dashboard.parts.choice_cards import Choice, choice_cards
from dashboard.parts.forms import config_form, with_defaults
from dashboard.parts.trouble import told_here
from engine import jobs
from engine.catalogue import Card, card_settings
from engine.errors import RunFailed
from engine.jobs.advice import advise
from engine.priors import PriorSpec, describe_priors
from engine.project import Project
from engine.settings import settings_of
from engine.train.config import TrainConfig


def train_setup(project: Project, priors: Sequence[PriorSpec]) -> jobs.TrainRequest | None:
    """Draw the form; returns the request when “Start training” was clicked."""
    left, right = st.columns([5, 2], gap="large")
    summary = right.container(border=True, gap="small", key="aside-summary")
    with left:
        method = _method(project)
        preset = _preset()
    wish = jobs.TrainRequest(method=method["name"], priors=tuple(priors))
    with summary:
        st.markdown("**What will happen**")
        with st.spinner("Measuring this machine, once, for a few seconds …"):
            asked = _asked(project, preset, wish)
    with left:
        request = _settings(project, asked, method, preset)
    with summary:
        return _summary(project, request, method)


def _asked(project: Project, preset: str, wish: jobs.TrainRequest) -> jobs.TrainRequest:
    """What the preset means on this machine; where its speed cannot be measured, the summary says so, not the cost."""
    try:
        return reads.preset_request(project, preset, wish)
    except RunFailed:
        return jobs.unmeasured_request(project, preset, wish)


def _method(project: Project) -> Card:
    """Cards by family; returns that of the chosen method."""
    cards = reads.catalogue()["methods"]
    advice = advise(len(reads.table(project)), cards)
    chosen = state.value("method", advice.method)
    choices = [
        Choice(
            card["name"],
            card["title"],
            f"{card['summary'][:1].upper()}{card['summary'][1:]}",
            f"{card['family'].capitalize()} · {card['source']}",
            badge="recommended" if card["name"] == advice.method else "",
            reason=advice.reason if card["name"] == advice.method else card.get("when_to_use", ""),
        )
        for card in sorted(cards, key=lambda card: card["name"] != advice.method)
    ]
    st.subheader("Method", anchor=False)
    picked = choice_cards(choices, chosen, "method", per_row=2)
    _keep("method", picked, chosen)
    return next(card for card in cards if card["name"] == picked)


def _preset() -> str:
    """Cards by effort; returns the name of the chosen preset."""
    chosen = state.value("preset", "quick")
    choices = [
        Choice(one.name, one.title, one.text, f"At most {one.minutes:g} minutes") for one in jobs.PRESETS.values()
    ]
    st.subheader("Effort", anchor=False)
    picked = choice_cards(choices, chosen, "preset")
    _keep("preset", picked, chosen)
    return picked


def _settings(project: Project, asked: jobs.TrainRequest, method: Card, preset: str) -> jobs.TrainRequest:
    """Everything that can be changed about the preset, folded away."""
    with st.expander("Settings: encoder, size, epochs and the rest", icon=":material/tune:"):
        encoder = _encoder(asked, preset)
        init = _init(project, encoder, preset)
        offered = with_defaults(settings_of(TrainConfig), asked.training)
        st.markdown("**Training**")
        training = config_form(offered, f"training-{preset}-{asked.encoder}")
        st.markdown(f"**{method['title']}**")
        method_settings = config_form(card_settings(method), f"method-{method['name']}")
        st.markdown(f"**{encoder['title']}**")
        encoder_settings = config_form(card_settings(encoder), f"encoder-{encoder['name']}")
    return replace(
        asked,
        method_settings=method_settings,
        encoder=encoder["name"],
        encoder_settings=encoder_settings,
        init=init,
        training={**asked.training, **training},
    )


def _encoder(asked: jobs.TrainRequest, preset: str) -> Card:
    cards = {card["name"]: card for card in reads.catalogue()["encoders"]}
    names = list(cards)
    picked = st.selectbox(
        "Encoder",
        names,
        names.index(asked.encoder),
        format_func=lambda name: f"{cards[name]['title']}: {cards[name].get('when_to_use', cards[name]['summary'])}",
        key=f"encoder-{preset}-{asked.encoder}",
    )
    return cards[picked]


def _init(project: Project, encoder: Card, preset: str) -> str:
    trained = [job.run for job in jobs.statuses(project) if job.kind == "train" and job.state == "done"]
    picked: str = st.selectbox(
        "First weights",
        [*encoder.get("inits", ["random"]), *trained],
        key=f"init-{preset}-{encoder['name']}",
        help="Random, pretrained where the encoder brings such weights, or those of an earlier training.",
    )
    return picked


def _summary(project: Project, request: jobs.TrainRequest, method: Card) -> jobs.TrainRequest | None:
    """What will happen, what it costs, and the button."""
    config = request.config
    st.markdown(_plan(request, method["title"], config.size, config.epochs))
    with st.spinner("Measuring this machine for a few seconds …"), told_here():
        st.caption(reads.cost(project, request).sentence)
    follow = st.toggle(
        "Embed and map afterwards", True, key="embed-after", help="Embeds every image, finds neighbours, draws the map."
    )
    started = st.button("Start training", type="primary", icon=":material/play_arrow:", width="stretch", key="start")
    if st.button("Change the pairs", type="tertiary", icon=":material/hub:", key="to-prior"):
        state.go("prior")
    return replace(request, embed_after=follow) if started else None


def _plan(request: jobs.TrainRequest, method: str, size: int, epochs: int) -> str:
    lines = {
        "Pairs": describe_priors(request.priors),
        "Method": method,
        "Encoder": request.encoder if request.init == "random" else f"{request.encoder}, from {request.init}",
        "Views": f"{size} × {size} pixels",
        "Length": f"{epochs:,} epochs",
    }
    return "  \n".join(f":gray[{name}] {text}" for name, text in lines.items())


def _keep(name: str, picked: Any, before: Any) -> None:
    if picked != before:
        state.set_value(name, picked)
        st.rerun()
