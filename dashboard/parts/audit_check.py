"""The audit that is under way: its images to label, how far it is, what it allows to be accepted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import numpy as np
import streamlit as st

from dashboard import links, reads, state
from dashboard.components.grid import GridEvent, image_grid
from dashboard.components.height import WINDOW
from dashboard.parts import words
from dashboard.parts.audit_steps import audit_steps
from dashboard.parts.class_meter import class_meter
from dashboard.parts.committing import commit_button
from dashboard.parts.facts import facts
from dashboard.parts.label_events import grid_events
from dashboard.parts.last_step import last_step
from engine.accept import AuditState, Verdict, accept_audited, close_audit, judge, label_audit
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import UNKNOWN

VIEWS = ("drawn", "to check", "wrong")  # the first keeps its order while one types


def audit_check(project: Project, under_way: AuditState) -> None:
    """Draw the audit's images beside its progress and verdict."""
    verdict = judge(project, under_way)
    left, right = st.columns([1, 2.3], gap="large")
    with left, st.container(key="aside-audit"):
        _progress(under_way)
        _verdict(project, verdict)
    with right:
        _queue(project, under_way)


def _progress(under_way: AuditState) -> None:
    plan, done, count = under_way.audit.plan, int(under_way.checked.sum()), len(under_way.rows)
    facts([(f"{done:,} of {count:,}", "checked"), (f"{int(under_way.wrong.sum()):,}", "wrong")])
    st.progress(done / count)
    if under_way.missing:
        st.caption(f"Drawn for this promise: {plan.promise(len(under_way.audit.parts))}.")


def _verdict(project: Project, verdict: Verdict) -> None:
    """What may be accepted, the button that does so, and the way to another audit."""
    tone = "" if verdict.accepted or verdict.missing else " attention"
    st.html(f"<div class='judgement{tone}'>{escape(_told(verdict))}</div>")
    if verdict.accepted:
        waiting = verdict.waiting(reads.labels(project))
        label = f"Accept {words.count(waiting, 'answer')}" if waiting else "All accepted"
        commit_button(
            label,
            partial(_accepted, project, verdict),
            type="primary",
            icon=":material/verified:",
            disabled=not waiting,
            width="stretch",
        )
        class_meter(verdict.by_class)
    if not verdict.missing:
        audit_steps(verdict)
    with st.container(horizontal=True, vertical_alignment="center"):
        last_step(project)
        in_vain = not (verdict.accepted or verdict.missing)
        commit_button(
            "End this audit",
            partial(_ended, project, verdict),
            type="primary" if in_vain else "tertiary",
            icon=":material/flag:",
            help="Its labels stay and teach from now on; then another audit can be drawn of the better answers.",
        )


def _accepted(project: Project, verdict: Verdict) -> str:
    count = accept_audited(project, verdict, state.annotator(), {"screen": "review"})
    return f"Accepted {words.count(count, 'answer')}: {verdict.promise}."


def _ended(project: Project, verdict: Verdict) -> None:
    close_audit(project, verdict.state.audit)


def _told(verdict: Verdict) -> str:
    """The verdict, shorter than the engine's sentence where the numbers stand above it already."""
    if verdict.missing:
        return f"Nothing can be promised yet: {words.count(verdict.missing, 'label')} missing."
    return verdict.sentence.partition(". ")[2]


def _queue(project: Project, under_way: AuditState) -> None:
    """The images as a grid, without the answers while they wait: seeing them would sway the eye."""
    every = np.ones(len(under_way.rows), bool)
    chosen = {"drawn": every, "to check": ~under_way.checked, "wrong": under_way.wrong}
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = st.segmented_control(
            "Show", VIEWS, default=VIEWS[0], label_visibility="collapsed", required=True, width="content",
            format_func=lambda name: f"{name.capitalize()} · {int(chosen[name].sum()):,}", key="audit-view",
        )  # fmt: skip
    places = np.flatnonzero(chosen[str(shown)])
    table, classes = reads.table(project), reads.classes(project)
    rows = table.rows([under_way.audit.images[place] for place in places])
    known = rows != UNKNOWN
    answers = under_way.answers
    captions = None
    if shown == "wrong":
        names = {one.id: one.name for one in answers.classes}
        said = answers.class_ids[under_way.rows[places[known]]]
        captions = [f"answer: {names.get(one, '–')}" for one in said.tolist()]
    order = {one.id: place for place, one in enumerate(classes)}
    given = np.asarray([order.get(int(one), UNKNOWN) for one in under_way.given[places[known]]], np.int64)
    image_grid(
        project,
        table,
        rows[known],
        key=f"audit-{links.project_key(project)}",
        classes=classes,
        labels=given,
        captions=captions,
        on_event=_events(project, under_way, state.annotator()),
        height=WINDOW,
        size=132,
        note="" if shown == "wrong" or not under_way.missing else "Label by key; the answers stay hidden.",
        empty="All images are checked." if shown == "to check" else "None so far.",
    )


def _events(project: Project, under_way: AuditState, who: str) -> Callable[[GridEvent], None]:
    """What keys in the audit's grid do: label, as part of the audit; clear, skip, undo."""

    def check(store: LabelStore, images: list[str], class_id: int, event: GridEvent) -> None:
        label_audit(store, under_way.audit, images, class_id, who, "review")

    return grid_events(project, who, check)
