"""The guided first run as a slim line under the strip: one step at a time, ticked off by the project itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Literal

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import Commit, commit_button
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


@dataclass(frozen=True)
class _Button:
    label: str
    key: str
    weight: Literal["primary", "tertiary"] = "primary"
    help: str = ""
    commit: Commit | None = None  # for a commit_button
    then: str = ""


def _step(project: Project, steps: Sequence[Step], now: Step, screen: str) -> None:
    said, here = STEPS[now.name], screen == STEPS[now.name].screen
    of_demo = here and is_demo(project)
    clicked = _line(
        _dots(steps, now),
        f"**{said.title}** {said.text}" + (f" **{now.so_far}**" if now.so_far else ""),
        _Button("Name these six", "guide-classes", commit=partial(_name_the_six, project))
        if now.name == "classes" and of_demo
        else None,
        _Button(
            "Next" if said.looking else "Skip",
            "guide-tick",
            "primary" if said.looking else "tertiary",
            commit=partial(_tick, project, now.name),
        )
        if here
        else _Button(f"Go to {said.place}", "guide-go"),
        _Button(
            "Later",
            "guide-later",
            "tertiary",
            "Put the guide aside. Help brings it back.",
            partial(_pause, project),
        ),
    )
    if now.name in ("classes", "labels") and of_demo:
        tissue_key()
    else:
        st.empty()
    if clicked == "guide-go":
        state.go(said.screen)


def _tick(project: Project, step: str) -> None:
    guide.tick(project, step)


def _pause(project: Project) -> None:
    guide.pause_guide(project)


def _name_the_six(project: Project) -> None:
    """One click in place of six names; names only: what any image shows is for the person to say."""
    store = reads.labels(project)
    there = {one.name for one in store.classes()}
    for name in KINDS:
        if name not in there:
            store.add_class(name, state.annotator())


def _farewell(project: Project, known: Guide) -> None:
    took = words.duration(guide.seconds_taken(known))
    _line(
        "",
        f"**Done.** From a folder to an export{f' in {took}' if took else ''}. Your own images go the same way: make "
        "a project of their folder.",
        None,
        _Button("New project", "guide-new", commit=partial(_pause, project), then="project"),
        _Button("Close", "guide-close", "tertiary", commit=partial(_pause, project)),
    )


def _line(dots: str, text: str, *buttons: _Button | None) -> str:
    """Draw the line, each time of as many elements, so that none of the last step lingers; returns the key clicked."""
    clicked = ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if dots:
            st.html(dots, width="content")
        else:
            st.empty()
        st.markdown(text, width="stretch")
        for one in buttons:
            if one is None:
                st.empty()
            elif one.commit:
                commit_button(one.label, one.commit, then=one.then, key=one.key, type=one.weight, help=one.help or None)
            elif st.button(one.label, key=one.key, type=one.weight, help=one.help or None):
                clicked = one.key
    return clicked


def _dots(steps: Sequence[Step], now: Step) -> str:
    place = steps.index(now) + 1
    dots = "".join(f"<i class='{'done' if one.done else 'now' if one is now else ''}'></i>" for one in steps)
    said = escape(f"Step {place} of {len(steps)}")
    return f"<div class='guide-dots'><span>{said}</span><div aria-hidden='true'>{dots}</div></div>"
