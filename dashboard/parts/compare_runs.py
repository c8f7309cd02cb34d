"""Several trainings over each other: their curves in one chart a quantity, and where each of them ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.parts import words
from dashboard.parts.curves import curves, run_legend
from dashboard.parts.live_run import CURVES, MACHINE
from engine.jobs.status import Status

AT_FIRST = 3  # the latest trainings, laid over each other before any were chosen
ENDS = {  # column of the metrics → heading of the table, format, times which it is shown
    "loss": ("Loss", "%.3g", 1),
    "trivial": ("Untaught", "%.3g", 1),
    "knn": ("Named by neighbours", "%.0f%%", 100),
    "rankme": ("RankMe", "%.1f", 1),
    "alignment": ("Alignment", "%.2f", 1),
    "uniformity": ("Uniformity", "%.2f", 1),
}


def compare_runs(trainings: Sequence[Status], read: Callable[[str], pd.DataFrame]) -> None:
    """Draw the choice of runs, their curves and the table.

    Args:
        trainings: newest first.
        read: the metrics of a run by its name.
    """
    jobs = {job.run: job for job in trainings}
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    picked = left.multiselect("Trainings to lay over each other", list(jobs), list(jobs)[:AT_FIRST], key="compared")
    along = right.segmented_control("Along", ["epoch", "minutes"], default="epoch", key="compare-along", required=True)
    runs = {name: metrics for name in picked if not (metrics := _with_minutes(read(name))).empty}
    if not runs:
        st.caption("Choose trainings that have taken their first steps.")
        return
    run_legend(list(runs))
    wanted = [replace(curve, missing="") for curve in (*CURVES, *MACHINE)]  # what none of them has needs no place
    curves(runs, wanted, key="compare", along=str(along))
    st.caption("Losses of different methods mean different things: compare each with its own dotted line.")
    _table([jobs[name] for name in runs], runs)


def _with_minutes(metrics: pd.DataFrame) -> pd.DataFrame:
    return metrics if metrics.empty else metrics.assign(minutes=metrics["seconds"] / 60)


def _table(compared: Sequence[Status], runs: dict[str, pd.DataFrame]) -> None:
    rows = [
        {
            "Training": job.run,
            "What": job.title,
            "State": words.JOB_STATES[job.state][0],
            "Epochs": job.detail.get("epoch"),
            "Worked": words.duration(job.seconds),
            **{heading: _last(runs[job.run], column, times) for column, (heading, _, times) in ENDS.items()},
        }
        for job in compared
    ]
    formats = {heading: st.column_config.NumberColumn(format=form) for heading, form, _ in ENDS.values()}
    table = pd.DataFrame(rows).dropna(axis="columns", how="all")
    st.dataframe(table, hide_index=True, column_config=formats, placeholder="–")


def _last(metrics: pd.DataFrame, column: str, times: int) -> float | None:
    """The last value that is known."""
    known = metrics[column].dropna() if column in metrics else metrics.iloc[:0, 0]
    return float(known.iloc[-1]) * times if len(known) else None
