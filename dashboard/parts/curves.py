"""Curves of runs as small multiples: one quantity a chart, thin lines; several runs lie over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from engine.labels.palette import colour_at

HEIGHT = 148  # pixels
VIOLET = "#8467CC"  # between the accents of both themes, so that it reads on either ground
EOSIN = "#C2457F"
QUIET = "#8C8591"  # what is only compared with
FAINT = "rgba(140, 133, 145, 0.22)"  # the same, for grid and zero lines on light and on dark ground


@dataclass(frozen=True)
class Curve:
    """One small chart."""

    column: str  # of the metrics
    title: str
    about: str = ""  # shown with the title's tooltip
    format: str = ".3g"  # of the last value and of the hover, as d3 and Python write it
    ticks: str = "~g"  # of the axis, as d3 writes it
    level: float | str | None = None  # a dotted line to compare with: a number, or a column of the metrics
    level_name: str = ""
    missing: str = ""  # what is said in the place of the chart before there are numbers; "" for no such place


def curves(runs: Mapping[str, pd.DataFrame], wanted: Sequence[Curve], key: str, along: str = "epoch") -> None:
    """Draw those of the wanted curves that the runs have, or that say what is missing.

    Args:
        runs: metrics by run, as the engine writes them; a column may be empty in many rows.
        key: keeps the charts in place while they are updated.
        along: the column of the horizontal axis: epoch or minutes.
    """
    shown = [one for one in wanted if one.missing or any(_has(metrics, one.column) for metrics in runs.values())]
    colours = run_colours(list(runs))
    with st.container(key=f"charts-{key}", gap="small"):
        for curve in shown:
            points = {name: metrics[metrics[curve.column].notna()] for name, metrics in _with(runs, curve).items()}
            with st.container(gap="xsmall", key=f"chart-{key}-{curve.column}"):
                _head(points, curve)
                figure = _figure(points, curve, colours, along) if points else _empty(curve)
                figure.update_layout(uirevision=key)
                st.plotly_chart(figure, key=f"{key}-{curve.column}", config={"displayModeBar": False})


def run_colours(names: Sequence[str]) -> dict[str, str]:
    """One colour a run: violet where it is alone."""
    return {name: VIOLET if len(names) == 1 else colour_at(place) for place, name in enumerate(names)}


def run_legend(names: Sequence[str]) -> None:
    """Which colour is which run."""
    entries = "".join(
        f"<span><i style='background:{colour}'></i>{escape(name)}</span>" for name, colour in run_colours(names).items()
    )
    st.html(f"<div class='run-legend'>{entries}</div>")


def _has(metrics: pd.DataFrame, column: str) -> bool:
    return column in metrics and bool(metrics[column].notna().any())


def _with(runs: Mapping[str, pd.DataFrame], curve: Curve) -> dict[str, pd.DataFrame]:
    return {name: metrics for name, metrics in runs.items() if _has(metrics, curve.column)}


def _head(points: Mapping[str, pd.DataFrame], curve: Curve) -> None:
    """The title and, of a single run, the last value."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", gap="xxsmall"):
        st.markdown(f":small[**{curve.title}**]", help=curve.about or None, width="content")
        if len(points) == 1:
            (metrics,) = points.values()
            last = format(metrics[curve.column].iloc[-1], curve.format).replace("-", "−")  # as the axis writes it
            st.markdown(f":small[{last}]", width="content")


def _figure(points: Mapping[str, pd.DataFrame], curve: Curve, colours: Mapping[str, str], along: str) -> go.Figure:
    figure = _frame()
    for name, metrics in points.items():
        if isinstance(curve.level, str) and _has(metrics, curve.level):
            figure.add_scatter(
                x=metrics[along],
                y=metrics[curve.level],
                mode="lines",
                line={"width": 1, "dash": "dot", "color": EOSIN if len(points) == 1 else colours[name]},
                hovertemplate=f"{curve.level_name} %{{y:{curve.format}}}<extra></extra>",
            )
        figure.add_scatter(
            x=metrics[along],
            y=metrics[curve.column],
            mode="lines" if len(metrics) > 1 else "markers",
            line={"width": 1.6, "color": colours[name]},
            marker={"color": colours[name]},
            name=name if len(points) > 1 else "",
            hovertemplate=f"{along} %{{x:.3g}}<br>%{{y:{curve.format}}}<extra>%{{fullData.name}}</extra>",
        )
    if isinstance(curve.level, float):
        figure.add_hline(curve.level, line={"width": 1, "dash": "dot", "color": EOSIN})
    figure.update_yaxes(tickformat=curve.ticks)
    return figure


def _empty(curve: Curve) -> go.Figure:
    """The place of a chart that is yet to come, so that nothing moves when it does."""
    figure = _frame()
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure.add_annotation(text=curve.missing, showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper")


def _frame() -> go.Figure:
    return go.Figure().update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 12, "t": 4, "b": 0},
        showlegend=False,
        hovermode="x",
        xaxis={"showgrid": False, "nticks": 5, "title": None, "zeroline": False},
        yaxis={"gridcolor": FAINT, "nticks": 4, "title": None, "zeroline": False},
    )
