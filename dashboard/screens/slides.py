"""Slides: whole-slide images cut into tiles, and seen whole again with what is known of each tile."""

from __future__ import annotations

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import catch_up
from dashboard.parts.empty import empty
from dashboard.parts.heading import heading
from dashboard.parts.job_actions import job_button
from dashboard.parts.slide_stage import slide_stage
from dashboard.parts.tiling import Tiling, tiling
from engine import jobs
from engine.errors import NoImages
from engine.jobs.status import Status
from engine.project import Project
from engine.slides.tile import tiling_project

LOOK, CUT = "Look at the slides", "Cut more tiles"


def cutting(project: Project | None) -> Status | None:
    """The tiling that is at work, if any."""
    known = jobs.statuses(project) if project else []
    return next((job for job in known if job.kind == "tile" and job.active), None)


def watch(project: Project) -> None:
    """Progress of the tiling; the screen is drawn anew when it has ended."""
    catch_up()
    job = cutting(project)
    if job is None:
        st.rerun()
    said = " · ".join(part for part in (job.message, words.time_left(job.seconds_left)) if part)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(job.fraction, said, width="stretch")
        job_button(project, job.run, "stop")


def last_tiling(project: Project) -> Status | None:
    """The tiling that has ended last, if none is at work."""
    last = next((job for job in jobs.statuses(project) if job.kind == "tile"), None)
    return None if last is None or last.active else last


def go_on(project: Project) -> None:
    """How to go on where the last tiling was stopped or failed."""
    last = last_tiling(project)
    if last is None or not last.resumable:
        return
    reason = last.error or "The last tiling was stopped."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(reason, icon=":material/info:", width="stretch")
        job_button(project, last.run, "resume", label="Go on", type="secondary")


def left_out(project: Project) -> None:
    """Which slides gave no tile at the last tiling, and why."""
    last = last_tiling(project)
    if last and not last.resumable and (slides := last.detail.get("left_out")):
        with st.expander(f"{words.count(len(slides), 'slide')} left out", icon=":material/broken_image:"):
            for name, reason in slides:
                st.markdown(f"**{name}** {reason}")


def start(asked: Tiling, opened: Project | None) -> None:
    """Start cutting, into the open project or into a new one."""
    project = opened or tiling_project(asked.root, asked.name)
    jobs.start(project, jobs.TileRequest(str(asked.slides), asked.settings))
    if opened is None:
        state.open_project(project.root)


def has_tiles(project: Project) -> bool:
    try:
        return len(reads.table(project)) > 0
    except NoImages:
        return False


def main() -> None:
    opened = state.project_or_none()
    ours = opened if opened and opened.over_tiles else None
    text = (
        "Each slide with what is known of its tiles. Click a place to look at it, and label it."
        if ours and has_tiles(ours)
        else "Cut whole-slide images into tiles on the tissue. Each tile becomes an image of a project."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container():
            heading("Slides", text)
        todo = LOOK if ours and has_tiles(ours) else CUT
        if todo == LOOK:
            todo = str(st.segmented_control("What to do", [LOOK, CUT], default=LOOK, key="slides-todo",
                                            label_visibility="collapsed", width="content", required=True))  # fmt: skip
    busy = bool(ours and cutting(ours))
    if ours:
        if busy:
            st.fragment(watch, run_every="1s")(ours)
        go_on(ours)
    if ours and todo == LOOK:
        slide_stage(ours)
        left_out(ours)
        return
    if ours and busy and not has_tiles(ours):
        empty(
            "The slides are being cut into tiles",
            "They open here when that is done. You may leave, or close the browser.",
        )
        return
    if ours:
        left_out(ours)
    if opened and not ours:
        st.caption(f"{opened.name} is over a folder of images, so tiles get a project of their own.")
    tiling(ours, lambda asked: start(asked, ours), busy=busy)


main()
