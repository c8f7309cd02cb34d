"""One job as a card: what it does, how far it is, and what can be done about it."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.parts import words
from dashboard.parts.job_actions import ACTIONS, job_button
from engine import jobs
from engine.jobs.status import Status
from engine.project import Project


def job_card(project: Project, job: Status) -> None:
    """Draw a job of the project; its log is read only when it is unfolded."""
    with st.container(border=True, gap="xxsmall", key=f"job-{job.run}"):
        left, right = st.columns([5, 3], vertical_alignment="center")
        with left, st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{job.title}**", width="content")
            said, colour = words.JOB_STATES[job.state]
            st.badge(said, color=colour)
        with right, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            for action in _offered(job):
                _button(project, job.run, action)
        if job.active:
            st.progress(job.fraction)
        if job.error:
            st.warning(job.error, icon=":material/info:")
        st.caption(" · ".join(part for part in _line(job) if part))
        log = st.expander("Log", key=f"log-{job.run}", on_change="rerun", type="compact")
        if log.open:
            log.code(jobs.log(project, job.run) or "The worker has said nothing yet.", language=None, height=240)


def _offered(job: Status) -> list[str]:
    offered = ["watch"] if job.kind in jobs.TRAINING_KINDS else []
    if job.active:
        return [*offered, "stop"]
    return [*offered, *(["resume"] if job.resumable else []), "delete"]


def _button(project: Project, run: str, action: str) -> None:
    if action != "delete":
        job_button(project, run, action)
        return
    delete = ACTIONS[action]
    with st.popover(delete.label, icon=delete.icon, type="tertiary", key=f"ask-delete-{run}"):
        st.markdown(f"Delete the run **{run}** with its checkpoints? Embeddings made from it stay.")
        job_button(project, run, action, label="Delete it", icon=None, type="primary")


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
