"""The three stages of SimCLR v2 as steps side by side: what is done, and the button for what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import reads
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.forms import config_form, with_defaults
from dashboard.parts.job_actions import job_button
from engine.catalogue import card_settings
from engine.jobs.three_stages import StageRequest, StageStep
from engine.project import Project
from engine.settings import settings_of
from engine.train.config import TrainConfig

ACTIONS = ("", "Fine-tune", "Distil")
OFFERED = ("epochs", "batch", "learning_rate", "weight_decay", "seed")  # settings of the training that a stage offers


Begin = Callable[[StageRequest], None]


def three_stages(project: Project, steps: Sequence[StageStep], watched: str, begin: Begin) -> None:
    """Draw the steps.

    Args:
        watched: the run that is looked at now.
        begin: starts a stage.
    """
    for number, (column, step) in enumerate(zip(st.columns(len(steps), gap="small"), steps, strict=True)):
        with column, st.container(border=True, key=f"stage-{number + 1}", gap="xsmall", height="stretch"):
            _title(number + 1, step)
            st.markdown(f":small[:gray[{step.text}]]")
            if step.hindrance:
                st.markdown(f":small[{step.hindrance}]")
            st.space("stretch")
            _buttons(project, number, step, watched, begin)


def _title(number: int, step: StageStep) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{number} {step.title}**", width="content")
        if step.run is not None:
            said, colour = words.JOB_STATES[step.run.state]
            st.badge(said, color=colour, icon=":material/check:" if step.done else None)


def _buttons(project: Project, number: int, step: StageStep, watched: str, begin: Begin) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if step.request is not None:
            request = step.request
            if not step.hindrance:
                with st.popover("Settings", icon=":material/tune:", type="tertiary", key=f"stage-settings-{number}"):
                    request = _settings(step.request)
            label = f"{ACTIONS[number]} again" if step.run else ACTIONS[number]
            commit_button(
                label,
                partial(begin, request),
                waits=True,
                type="secondary" if step.run else "primary",
                disabled=bool(step.hindrance),
                key=f"stage-start-{number + 1}",
            )
        if step.run and step.run.run != watched:
            job_button(project, step.run.run, "watch", label="Look at it", icon=None, key=f"stage-watch-{number + 1}")
    if step.cost and not step.hindrance:
        st.caption(f"Takes {step.cost} on this machine.")


def _settings(request: StageRequest) -> StageRequest:
    """The request with what was changed about it."""
    card = next(one for one in reads.catalogue()["stages"] if one["name"] == request.method)
    key = f"{request.kind}-{request.before}"
    own = config_form(card_settings(card), f"stage-{key}", per_row=2)
    usual = [one for one in settings_of(TrainConfig) if one.name in OFFERED]
    training = config_form(with_defaults(usual, request.usual), f"stage-training-{key}", per_row=2)
    changed = replace(request, method_settings=own, training=training)
    if hasattr(request, "teacher"):
        names = ["", *(one["name"] for one in reads.catalogue()["encoders"])]
        picked = st.selectbox(
            "Student", names, format_func=lambda name: name or "of its teacher's kind", key=f"student-{key}"
        )
        changed = replace(changed, encoder=picked)
    return changed
