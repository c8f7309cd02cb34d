"""The guided first run as a slim line under the strip: one step at a time, ticked off by the project itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.guide_words import STEPS
from dashboard.parts.tissue_key import KINDS, tissue_key
from engine import guide
from engine.demo import is_demo
from engine.guide import Guide, Step
from engine.project import Project


def guide_line(project: Project | None, screen: str) -> None:
    """Draw the line while the guide of the project is under way.

    Args:
        screen: name of the file of the screen that is shown.
    """
    if project is None:
        return
    known = guide.read_guide(project)
    if known.state != guide.RUNNING:
        return
    steps = guide.guide_steps(project, known, reads.labels(project))
    now = next((one for one in steps if not one.done), None)
    with st.container(key="guide", gap="xxsmall"):
        if now is None:
            _farewell(project, guide.end_guide(project))
        else:
            _step(project, steps, now, screen)


def _step(project: Project, steps: Sequence[Step], now: Step, screen: str) -> None:
    said, here = STEPS[now.name], screen == STEPS[now.name].screen
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_dots(steps, now), width="content")
        st.markdown(f"**{said.title}** {said.text}" + (f" **{now.so_far}**" if now.so_far else ""), width="stretch")
        if now.name == "classes" and here and is_demo(project):
            _name_the_six(project)
        if not here and st.button(f"Go to {said.place}", type="primary", key="guide-go"):
            state.go(said.screen)
        ticked = "Next" if said.looking else "Skip"
        if here and st.button(ticked, type="primary" if said.looking else "tertiary", key="guide-tick"):
            guide.tick(project, now.name)
            st.rerun()
        if st.button("Later", key="guide-later", type="tertiary", help="Put the guide aside. Help brings it back."):
            guide.pause_guide(project)
            st.rerun()
    if now.name in ("classes", "labels") and here and is_demo(project):
        tissue_key()


def _name_the_six(project: Project) -> None:
    """One click in place of six names; names only: what any image shows is for the person to say."""
    if st.button("Name these six", type="primary", key="guide-classes"):
        store = reads.labels(project)
        for name in KINDS:
            store.add_class(name, state.annotator())
        st.rerun()


def _farewell(project: Project, known: Guide) -> None:
    took = words.duration(guide.seconds_taken(known))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**Done.** From a folder to an export{f' in {took}' if took else ''}. Your own images go the same way: "
            "make a project of their folder.",
            width="stretch",
        )
        if st.button("New project", type="primary", key="guide-new"):
            guide.pause_guide(project)
            state.go("project")
        if st.button("Close", type="tertiary", key="guide-close"):
            guide.pause_guide(project)
            st.rerun()


def _dots(steps: Sequence[Step], now: Step) -> str:
    place = steps.index(now) + 1
    dots = "".join(f"<i class='{'done' if one.done else 'now' if one is now else ''}'></i>" for one in steps)
    said = escape(f"Step {place} of {len(steps)}")
    return f"<div class='guide-dots'><span>{said}</span><div aria-hidden='true'>{dots}</div></div>"
