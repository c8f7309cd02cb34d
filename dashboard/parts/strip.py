"""The strip: project, images, labels per class, accepted pseudo-labels, the running job and who labels, everywhere.

One line of one height that stays at the top of the screen; what has no room is shortened, never wrapped.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import links, reads, state
from dashboard.components.tab import browser_tab
from dashboard.parts import words
from dashboard.parts.signature import signature
from engine.errors import NoImages
from engine.jobs.status import Status
from engine.labels.tally import ClassTally, Tally
from engine.project import Project

CLASSES_SHOWN = 12  # more bars than this are noise; the Label screen has them all


def strip(project: Project | None) -> None:
    """Draw the strip; it asks for news only while a job runs, and redraws the screen once when the job has ended.

    Labels and jobs that come from elsewhere are noticed by the tab, which then runs the script again.
    """
    if project is None:
        return
    opened = project
    running = reads.active_job(opened)

    def draw() -> None:
        job = reads.active_job(opened)
        st.html(_strip(opened, job))
        if running and job is None:
            st.rerun(scope="app")

    with st.container(key="strip", horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(key="strip-line"):
            st.fragment(draw, run_every="2s" if running else None)()
        signature()
        browser_tab(opened, reads.version(opened), state.annotator_given(), key=f"tab-{links.project_key(opened)}")


def _strip(project: Project, job: Status | None) -> str:
    tally = reads.tally(project)
    parts = [f"<b class='item name' title='{escape(project.name, quote=True)}'>{escape(project.name)}</b>"]
    parts += [_images(project), _labelled(tally)]
    if tally.accepted:
        said = words.count(tally.accepted, "pseudo-label")
        parts.append(
            f"<span class='item quiet' title='{said} accepted'><span>{tally.accepted:,}"
            f"<span class='wide'> {said.partition(' ')[2]}</span> accepted</span></span>"
        )
    if job:
        parts.append(_job(job))
    return f"<div class='strip' role='group' aria-label='State of the project'>{''.join(parts)}</div>"


def _images(project: Project) -> str:
    try:
        count = len(reads.table(project))
    except NoImages:
        return "<span class='item quiet'>not scanned yet</span>"
    return f"<span class='item quiet'>{words.count(count, 'image')}</span>"


def _labelled(tally: Tally) -> str:
    bars = "".join(_bar(one) for one in tally.per_class[:CLASSES_SHOWN])
    said = f"{tally.labelled:,} labelled" if tally.labelled else "none labelled yet"
    return f"<span class='item'><span class='quiet'>{said}</span><span class='bars'>{bars}</span></span>"


def _bar(one: ClassTally) -> str:
    title = escape(f"{one.name}: {one.count:,}", quote=True)
    return f"<i title='{title}' style='--fill:{one.fullness:.0%};--colour:{escape(one.colour, quote=True)}'></i>"


def _job(job: Status) -> str:
    left = words.time_left(job.seconds_left)
    title = escape(job.title, quote=True)
    return (
        f"<span class='item job'><span class='pulse'></span><b class='name' title='{title}'>{title}</b>"
        f"<span class='track' style='--fill:{job.fraction:.0%}'></span>"
        f"<span class='quiet'>{job.fraction:.0%}{f'<span class=wide> · {left}</span>' if left else ''}</span></span>"
    )
