"""A new training: method, effort, settings; beside them what will happen and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import reads, state
from dashboard.parts.committing import commit_button
from dashboard.parts.first_weights import choose_encoder, choose_start
from dashboard.parts.forms import config_form, with_columns, with_defaults
from dashboard.parts.method_choice import choose_method
from dashboard.parts.trouble import told_here
from engine import jobs
from engine.catalogue import Card, card, card_settings
from engine.errors import RunFailed
from engine.jobs.advice import Situation, cautions, pairing_of, useful_priors, works_with
from engine.priors import PriorSpec, describe_priors
from engine.project import Project
from engine.settings import COLUMN, Setting, settings_of
from engine.train.balance import say_balance
from engine.train.config import TrainConfig

Begin = Callable[[jobs.TrainRequest], None]


def train_setup(project: Project, priors: Sequence[PriorSpec], begin: Begin) -> None:
    """Draw the form; `begin` starts what was asked for."""
    left, right = st.columns([5, 2], gap="large")
    summary = right.container(border=True, gap="small", key="aside-summary")
    with left:
        now = _situation(project, priors)
        method = choose_method(reads.catalogue()["methods"], now)
    wish = jobs.TrainRequest(method=method["name"], priors=useful_priors(method, priors))
    with summary:
        preset = _preset()
        st.markdown("**What will happen**")
        with st.spinner("Measuring this machine, once, for a few seconds …"):
            asked = _asked(project, preset, wish)
    with left:
        request = _settings(project, asked, method, preset)
    with summary:
        as_preset = request.training["epochs"] == asked.training["epochs"]
        look = jobs.first_look(project, preset, request) if as_preset else ""
        follow = _summary(project, request, method, now, look)
        _buttons(replace(request, embed_after=follow), begin)


def _situation(project: Project, priors: Sequence[PriorSpec]) -> Situation:
    return Situation(len(reads.table(project)), device=jobs.hardware().device, pairs=pairing_of(priors))


def _asked(project: Project, preset: str, wish: jobs.TrainRequest) -> jobs.TrainRequest:
    """What the preset means on this machine; where its speed cannot be measured, the summary says so, not the cost."""
    try:
        return reads.preset_request(project, preset, wish)
    except RunFailed:
        return jobs.unmeasured_request(project, preset, wish)


def _preset() -> str:
    """How much time to spend; returns the name of the chosen preset."""
    picked = st.pills(
        "Effort",
        list(jobs.PRESETS),
        default="quick",
        format_func=lambda name: jobs.PRESETS[name].title,
        key="preset",
        required=True,
    )
    preset = jobs.PRESETS[str(picked)]
    st.caption(f"{preset.text} At most {preset.minutes:g} minutes.")
    return preset.name


def _settings(project: Project, asked: jobs.TrainRequest, method: Card, preset: str) -> jobs.TrainRequest:
    """Everything that can be changed about the preset, folded away."""
    with st.expander("Settings: encoder, size, epochs and the rest", icon=":material/tune:"):
        encoders = [one for one in reads.catalogue()["encoders"] if works_with(method, one["name"])]
        encoder = choose_encoder(encoders, asked.encoder, f"{preset}-{asked.encoder}")
        start = choose_start(project, encoder, f"{preset}-{encoder['name']}")
        offered = with_defaults(_offered(project), asked.training)
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
        init=start.init,
        download=start.download,
        training={**asked.training, **training},
    )


def _offered(project: Project) -> list[Setting]:
    """The settings of a training; those of balanced batches only where the images have columns."""
    columns = reads.table(project).metadata
    settings = [one for one in settings_of(TrainConfig) if columns or not one.name.startswith("balance")]
    return [with_columns(one, columns) if one.unit == COLUMN else one for one in settings]


def _summary(project: Project, request: jobs.TrainRequest, method: Card, now: Situation, look: str) -> bool:
    """What will happen, what it costs, what speaks against it; returns whether to embed and map afterwards.

    Args:
        look: what a short training is for.
    """
    config = request.config
    st.markdown(_plan(request, method["title"], config.size, config.epochs))
    with st.spinner("Measuring this machine for a few seconds …"), told_here():
        st.caption(reads.cost(project, request).sentence)
    if look:
        st.caption(look)
    if config.balance:
        st.caption(f":material/balance: {say_balance(config, reads.table(project).groups(config.balance).codes)}")
    encoder = card("encoders", request.encoder)
    against = cautions(method, replace(now, batch=config.batch, size=config.size), encoder)
    for said in [*against, *jobs.warnings(project, request, may_be_short=bool(look))]:
        st.caption(f":material/info: {said}")
    return st.toggle(
        "Embed and map afterwards", True, key="embed-after", help="Embeds every image, finds neighbours, draws the map."
    )


def _buttons(request: jobs.TrainRequest, begin: Begin) -> None:
    commit_button(
        "Start training",
        partial(begin, request),
        waits=True,
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        key="start",
    )
    if st.button("Change the pairs", type="tertiary", icon=":material/hub:", key="to-prior"):
        state.go("prior")


def _plan(request: jobs.TrainRequest, method: str, size: int, epochs: int) -> str:
    lines = {
        "Pairs": describe_priors(request.priors),
        "Method": method,
        "Encoder": request.encoder if request.init == "random" else f"{request.encoder}, from {request.init}",
        "Views": f"{size} × {size} pixels",
        "Length": f"{epochs:,} epochs",
    }
    return "  \n".join(f":gray[{name}] {text}" for name, text in lines.items())
