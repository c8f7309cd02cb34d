"""What a new bench compares, asked for in one form."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count
from pathlib import Path

import streamlit as st

from dashboard import reads
from dashboard.parts.bench_priors import bench_priors
from dashboard.parts.committing import commit_button
from engine import home
from engine.bench import list_benches
from engine.errors import SettingInvalid
from engine.jobs import BenchRequest
from engine.project import Project


def bench_form(project: Project, begin: Callable[[BenchRequest], str]) -> None:
    """Draw the form; `begin` starts the benchmark that is asked for, and says so."""
    cards = reads.catalogue()
    titles = {card["name"]: card["title"] for card in cards["methods"]}
    with st.form("new-bench", border=True):
        st.markdown(
            "**Which training is worth its time on your images?** You need a table that names the class of some of "
            "them. Each method is trained with each prior and each encoder, and scored by that table, which no "
            "training sees and which becomes no label. Random weights and frozen ImageNet features stand beside."
        )
        path, column, group = st.columns([3, 1, 1.2], vertical_alignment="bottom")
        truth = path.text_input(
            "Table of known classes, CSV or Parquet", placeholder="/folder/truth.csv", key="bench-truth"
        )
        label = column.text_input("Column of classes", "label", key="bench-column")
        grouped = group.selectbox(
            "Groups",
            ["", *reads.table(project).metadata],
            format_func=lambda name: name or "none",
            key="bench-group",
            help="Choose the column of patients, and scores are also taken on other patients than the labels are of.",
        )
        left, right = st.columns([3, 2.2], vertical_alignment="top")
        methods = left.multiselect(
            "Methods", list(titles), ["simclr"], format_func=titles.__getitem__, key="bench-methods"
        )
        encoders = right.multiselect(
            "Encoders", [card["name"] for card in cards["encoders"]], ["nano"], key="bench-encoders"
        )
        with left:
            priors = bench_priors(project)
        name = right.text_input("Name", _free_name(project), key="bench-name", help="One of the same name is replaced.")
        numbers = st.columns(5, vertical_alignment="bottom")
        seconds = numbers[0].number_input(
            "Seconds of each training",
            5,
            100_000,
            120,
            key="bench-seconds",
            help="The same wall time for every method.",
        )
        labels = numbers[1].text_input("Labels of each class", "1, 5, 10", key="bench-labels")
        seeds = numbers[2].number_input(
            "Draws of labels", 2, 100, 5, key="bench-seeds", help="For each training; intervals are over these."
        )
        repeats = numbers[3].number_input(
            "Trainings of each kind",
            1,
            20,
            1,
            key="bench-repeats",
            help="Each with a seed and draws of its own; from 2 on, intervals are over trainings. Takes that many "
            "times as long; 5 tell what another training would change.",
        )
        size = numbers[4].number_input("Side of the views, px", 0, 512, 0, key="bench-size", help="0: what suits them")

        def ask() -> str:
            return begin(
                BenchRequest(
                    truth=str(home.allowed_path(Path(truth.strip()))),
                    column=label.strip(),
                    group=grouped,
                    methods=tuple(methods),
                    priors=tuple(priors),
                    encoders=tuple(encoders),
                    labels=_numbers(labels),
                    seeds=int(seeds),
                    repeats=int(repeats),
                    seconds=float(seconds),
                    size=int(size),
                    name=name.strip(),
                )
            )

        commit_button(
            "Start the benchmark",
            ask,
            waits=True,
            draw=st.form_submit_button,
            type="primary",
            icon=":material/play_arrow:",
            key="bench-start",
        )


def _free_name(project: Project) -> str:
    """A name that no benchmark has yet: none is replaced unless asked."""
    taken = set(list_benches(project))
    return next(name for name in chain(["bench"], (f"bench-{number}" for number in count(2))) if name not in taken)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(sorted({int(part) for part in text.replace(";", ",").split(",") if part.strip()}))
    except ValueError:
        raise SettingInvalid(f"“{text}” is not a list of whole numbers. Write, for instance, 1, 5, 10.") from None
