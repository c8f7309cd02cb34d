"""Your labelling: how fast each way was, the time spent, and what the labels are worth by what is known so far."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from dashboard import checks, reads, state
from dashboard.parts import words
from dashboard.parts.class_meter import class_meter
from dashboard.parts.label_curve import label_curve
from engine.errors import EngineError
from engine.evaluate.learning_curve import LearningCurve
from engine.labels.activity import activity
from engine.labels.effort import PAUSE, Effort, Pace, effort, time_of_last
from engine.project import Project

WAYS = {  # how a label was given → how one says it
    "key": "by key, one by one",
    "click": "by button, one by one",
    "grid": "in a grid, several at once",
    "lasso": "by lasso",
    "reviewed": "in review",
    "accepted": "answers accepted",
    "command": "on the command line",
    "imported": "imported",
}
EVERYBODY = "Everybody"
SESSIONS = 8  # shown; the newest


def your_labelling(project: Project) -> None:
    """Draw the card."""
    acts = checks.efforts(project)
    who = _choose_person(acts)
    went = effort(acts, who)
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        st.markdown("**Speed by way**", help=_how_measured())
        _speeds(went)
    with right:
        st.markdown("**What the labels gained**")
        _gained(project, acts)
        _audited(project)
    st.space("small")
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        st.markdown("**Labels over time**", help="The labels that hold now, by the time they were given; UTC.")
        label_curve(activity(reads.labels_current(project)).curve, reads.classes(project))
    with right:
        st.markdown("**Balance of the classes**", help="Classes with few labels are guessed badly. Even is good.")
        class_meter(reads.tally(project).per_class)
    _sessions(went)


def _choose_person(acts: pd.DataFrame) -> str:
    """A picker of the person where several have labelled; "" for all of them."""
    people = acts.loc[acts["labels"] > 0, "who"].value_counts().index.tolist()
    if len(people) < 2:
        return ""
    options = [EVERYBODY, *people]
    chosen = st.pills("Whose", options, default=EVERYBODY, label_visibility="collapsed", required=True, key="effort-of")
    return "" if chosen == EVERYBODY else str(chosen)


def _how_measured() -> str:
    return (
        f"From the times in the label log. After {words.duration(PAUSE)} without an act a session has ended; pauses "
        "count nothing, and what the first act of a session took nobody knows. Labels that were undone cost their time."
    )


def _speeds(went: Effort) -> None:
    if all(one.per_minute is None for one in went.paces):
        st.caption("Speed shows once two labels follow one another.")
    fastest = max((one.per_minute or 0 for one in went.paces), default=0) or 1
    lines = "".join(_speed(one, fastest) for one in went.paces)
    head = "<span>Way</span><span></span><span>a minute</span><span>labels</span><span>time</span>"
    st.html(f"<div class='speeds'><div class='head'>{head}</div>{lines}</div>")


def _speed(one: Pace, fastest: float) -> str:
    fill = (one.per_minute or 0) / fastest
    second = f"{one.per_minute / 60:.1f} a second" if one.per_minute else "no pace: not given at a screen"
    pace = f"{one.per_minute:,.0f}" if one.per_minute else "–"
    spent = words.duration(one.seconds) if one.seconds else "–"
    return (
        f"<div title='{second}'><span>{escape(WAYS.get(one.way, one.way))}</span>"
        f"<span class='rail' style='--fill:{fill:.1%}'></span><b>{pace}</b><span>{one.labels:,}</span>"
        f"<span>{spent}</span></div>"
    )


def _gained(project: Project, acts: pd.DataFrame) -> None:
    """What the last labels added, by the learning curve; why not where it cannot be told."""
    embedding = state.embedding() or next((str(one["name"]) for one in reads.embeddings(project)), "")
    if not embedding:
        st.caption("Once Handful has looked at the images, this says what your last labels were worth.")
        return
    try:
        curve = checks.learning_curve(project, embedding)
    except EngineError as error:
        st.caption(str(error))
        return
    st.html(f"<div class='fact'><b>{_points(curve)}</b><span>{escape(_said(curve, acts))}</span></div>")
    st.caption(
        "By labels put aside and asked for: “Enough labels?” shows the curve. Trust the rise more than the height."
    )


def _points(curve: LearningCurve) -> str:
    return f"+{100 * curve.gained:.1f} points"


def _said(curve: LearningCurve, acts: pd.DataFrame) -> str:
    low, high = (100 * one for one in curve.gained_interval)
    seconds = time_of_last(acts, curve.last)
    took = f" They took {words.duration(seconds)}." if seconds else ""
    return (
        f"by the last {curve.last} labels (from {low:.1f} to {high:.1f}), to a balanced accuracy of {curve.now:.0%} "
        f"with {curve.labels:,} labels.{took}"
    )


def _audited(project: Project) -> None:
    """The accuracy by an audit; how to get one where there is none."""
    found = checks.audited(project)
    if found is None:
        st.caption(
            "No audit has been finished. One drawn on Review tells how right the answers are, whatever was labelled."
        )
        return
    text = f"{found.sentence[:1].upper()}{found.sentence[1:]} Audit of {words.ago(found.made).removeprefix('on ')}."
    st.html(f"<div class='fact'><b>{found.accuracy:.0%} right</b><span>By audit. {escape(text)}</span></div>")


def _sessions(went: Effort) -> None:
    """The last sessions as a table."""
    if not went.sessions:
        return
    st.markdown("**Sessions**")
    rows = [
        {
            "began": pd.Timestamp(one.began).tz_convert(None),
            "who": one.who,
            "spent": words.duration(one.seconds) if one.seconds else "–",
            "labels": one.labels,
            "a minute": one.per_minute,
        }
        for one in went.sessions[:SESSIONS]
    ]
    columns = {
        "began": st.column_config.DatetimeColumn("began (UTC)", format="D MMM YYYY, HH:mm"),
        "a minute": st.column_config.NumberColumn("labels a minute", format="%.0f"),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns)
