"""A training as it runs: how far, how fast, on what; its curves, what the network sees, and one sentence on it all."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from dashboard.parts import words
from dashboard.parts.curves import Curve, curves
from dashboard.parts.facts import facts
from dashboard.parts.job_actions import job_button
from engine.jobs.output import Look
from engine.jobs.status import Status
from engine.project import Project

SOON = "after the first<br>epoch"
CURVES = (
    Curve(
        "loss",
        "Loss",
        "What the method minimises. Dotted: what a network gets that has learnt nothing.",
        level="trivial",
        level_name="untaught",
        missing="with the first steps",
    ),
    Curve(
        "knn",
        "Named by neighbours",
        "Balanced accuracy of the nearest labelled images' vote (weighted kNN), the own patient or group left out. "
        "Dotted: chance. Needs labels of two classes and, where patients are known, of several.",
        ".0%",
        ".0%",
        level="knn_chance",
        level_name="chance",
        missing="needs labels of two<br>classes and patients",
    ),
    Curve("rankme", "RankMe", "How many directions the embedding uses (Garrido et al., 2023).", ".1f", missing=SOON),
    Curve(
        "std_ratio",
        "Spread",
        "Of the vectors: standard deviation, normalised, over 1/√D. One: they point everywhere. Zero: collapsed.",
        ".2f",
        level=1.0,
        missing=SOON,
    ),
    Curve(
        "alignment", "Alignment", "Squared distance of two views of one image. Zero: they agree.", ".2f", missing=SOON
    ),
    Curve(
        "uniformity", "Uniformity", "Zero: all vectors alike. Towards -4: they fill the sphere.", ".2f", missing=SOON
    ),
    Curve("label_accuracy", "Labels learnt", "Share of the labelled images whose class is named.", ".0%", ".0%"),
    Curve("left_out_accuracy", "Labels left out", "The same on labels that were kept from it.", ".0%", ".0%"),
    Curve("teacher_agreement", "As its teacher", "Share of all images given the teacher's class.", ".0%", ".0%"),
)
MACHINE = (
    Curve("learning_rate", "Learning rate", "Rises during the warm-up, then falls along a cosine.", ".2g"),
    Curve("views_per_second", "Views per second", "Augmented images through the network and back.", ",.0f"),
)


def run_head(project: Project, job: Status) -> None:
    """Draw a run's title, state and facts, and the buttons that stop it or go on with it."""
    left, right = st.columns([4, 1], vertical_alignment="center")
    with left, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(job.title, anchor=False, width="content")
        said, colour = words.JOB_STATES[job.state]
        st.badge(said, color=colour)
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if job.active:
            job_button(project, job.run, "stop", type="secondary", key=f"live-stop-{job.run}")
        if job.resumable:
            job_button(project, job.run, "resume", type="primary", key=f"live-resume-{job.run}")
    st.progress(job.fraction)
    facts(_facts(job))
    if job.error:
        st.warning(job.error, icon=":material/info:")


def run_body(
    job: Status, metrics: pd.DataFrame, sentence: str, device: str, views: bytes | None, looks: Sequence[Look]
) -> None:
    """Draw the judgement, the curves and, beside them, a sample of the views; below, what the network does with images.

    Args:
        sentence: what the numbers mean, in plain words.
        device: what the machine computes with, in a sentence.
        views: contact sheet of what the network sees, as an image file; None before it is made.
        looks: reconstructions, attention, clusters: what the method has to show.
    """
    st.html(f"<div class='judgement {_tone(sentence)}'>{escape(sentence)}</div>")
    left, right = st.columns([3, 1], gap="large")
    with left:
        curves({job.run: metrics}, _wanted(metrics), key=f"curves-{job.run}")
        with st.expander("Learning rate and speed", key=f"machine-{job.run}"):
            curves({job.run: metrics}, MACHINE, key=f"machine-curves-{job.run}")
            st.caption(device)
    with right.container(key="aside-views"):
        st.markdown("**What the network sees**", help="Each row: one image, then its partner and views as drawn.")
        if views:
            st.image(views, width="stretch")
        else:
            st.caption("The views appear with the first batch.")
    if looks:
        _looks(looks, job.run)


def _looks(looks: Sequence[Look], run: str) -> None:
    with st.container(key=f"looks-{run}", gap="medium"):
        for look in looks:
            with st.container(gap="xsmall", key=f"look-{run}-{look.title}"):
                st.markdown(f"**{look.title}** :gray[:small[epoch {look.epoch:g}]]")
                st.image(look.picture, width="stretch")
                st.caption(look.caption)


def _wanted(metrics: pd.DataFrame) -> list[Curve]:
    """The curves to draw: labels that are learnt from prove nothing, so there neighbours are not asked."""
    taught = {"label_accuracy", "teacher_agreement"} & set(metrics)
    return [curve for curve in CURVES if not (taught and curve.column == "knn")]


def _tone(sentence: str) -> str:
    """Whether the sentence asks for attention, as a class of the style sheet."""
    alarming = "ollapsed" in sentence or sentence.startswith(("Stuck", "The loss is rising"))
    return "attention" if alarming else ""


def _facts(job: Status) -> list[tuple[str, str]]:
    speed = job.detail.get("views_per_second")
    epoch = job.detail.get("epoch")
    return [
        (f"{job.fraction:.0%}", job.message or job.stage),
        (f"{epoch:.1f}".removesuffix(".0") if epoch is not None else "–", "epochs done"),
        (f"{speed:,.0f}" if speed else "–", "views per second"),
        _time(job),
        (job.device.upper() or "–", "device"),
    ]


def _time(job: Status) -> tuple[str, str]:
    if job.active:
        left = words.duration(job.seconds_left)
        return (f"about {left}", "left") if left else ("–", "left")
    return words.duration(job.seconds) or "–", "worked in all"
