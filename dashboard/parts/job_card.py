"""One job as a card: what it does, how far it is, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard.parts import words
from engine.jobs import TRAINING_KINDS
from engine.jobs.status import Status

ACTIONS = {  # action → label, icon
    "watch": ("Watch", "monitoring"),
    "stop": ("Stop", "stop_circle"),
    "resume": ("Resume", "play_circle"),
    "delete": ("Delete", "delete"),
}


def job_card(job: Status, read_log: Callable[[], str]) -> str:
    """Draw a job; returns the action that was clicked, one of ACTIONS, or "".

    Args:
        read_log: called only when the log is unfolded.
    """
    with st.container(border=True, gap="xxsmall", key=f"job-{job.run}"):
        left, right = st.columns([5, 3], vertical_alignment="center")
        with left, st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{job.title}**", width="content")
            said, colour = words.JOB_STATES[job.state]
            st.badge(said, color=colour)
        with right, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            chosen = next((action for action in _offered(job) if _button(job, action)), "")
        if job.active:
            st.progress(job.fraction)
        if job.error:
            st.warning(job.error, icon=":material/info:")
        st.caption(" · ".join(part for part in _line(job) if part))
        log = st.expander("Log", key=f"log-{job.run}", on_change="rerun", type="compact")
        if log.open:
            log.code(read_log() or "The worker has said nothing yet.", language=None, height=240)
    return chosen


def _offered(job: Status) -> list[str]:
    offered = ["watch"] if job.kind in TRAINING_KINDS else []
    if job.active:
        return [*offered, "stop"]
    return [*offered, *(["resume"] if job.resumable else []), "delete"]


def _button(job: Status, action: str) -> bool:
    label, icon = ACTIONS[action]
    key = f"{action}-{job.run}"
    if action != "delete":
        return st.button(label, icon=f":material/{icon}:", key=key, type="tertiary")
    with st.popover(label, icon=f":material/{icon}:", type="tertiary", key=f"ask-{key}"):
        st.markdown(f"Delete the run **{job.run}** with its checkpoints? Embeddings made from it stay.")
        return st.button("Delete it", key=key, type="primary")


def _line(job: Status) -> list[str]:
    """The small print: the run's name, what it does, where, how long, since when."""
    return [
        job.run,
        job.message if job.active else "",
        f"{job.fraction:.0%}" if job.active and job.total else "",
        words.time_left(job.seconds_left) if job.active else "",
        f"on the {job.device.upper()}" if job.device else "",
        f"worked {words.duration(job.seconds)}" if job.seconds else "",
        f"asked for {_moment(job.created)}",
    ]


def _moment(iso: str) -> str:
    """The reader's own clock, as in “3 May, 14:05”."""
    local = datetime.fromisoformat(iso).astimezone()
    return f"{local.day} {local:%b, %H:%M}"
