"""Curves of a run as small multiples: one quantity a chart, thin lines, no legend to look up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

HEIGHT = 148  # pixels
VIOLET = "#8467CC"  # between the accents of both themes, so that it reads on either ground
EOSIN = "#C2457F"
FAINT = "rgba(140, 133, 145, 0.22)"  # grid and zero lines, on light and on dark ground


@dataclass(frozen=True)
class Curve:
    """One small chart."""

    column: str  # of the metrics
    title: str
    about: str = ""  # shown with the title's tooltip
    format: str = ".3g"  # of the last value and of the hover, as d3 and Python write it
    ticks: str = "~g"  # of the axis, as d3 writes it
    level: float | None = None  # a dashed line to compare with
    level_name: str = ""
    logarithmic: bool = False


def curves(metrics: pd.DataFrame, wanted: Sequence[Curve], key: str, per_row: int = 3) -> None:
    """Draw those of the wanted curves that the metrics have; x is the epoch.

    Args:
        metrics: columns as the engine writes them; a column may be empty in many rows.
        key: keeps the charts in place while they are updated.
    """
    shown = [one for one in wanted if one.column in metrics and metrics[one.column].notna().any()]
    for first in range(0, len(shown), per_row):
        columns = st.columns(per_row, gap="medium")
        for column, curve in zip(columns, shown[first : first + per_row], strict=False):
            with column:
                _chart(metrics.loc[metrics[curve.column].notna(), ["epoch", curve.column]], curve, key)


def _chart(points: pd.DataFrame, curve: Curve, key: str) -> None:
    last = points[curve.column].iloc[-1]
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", gap="xxsmall"):
        st.markdown(f":small[**{curve.title}**]", help=curve.about or None, width="content")
        st.markdown(f":small[{last:{curve.format}}]", width="content")
    figure = go.Figure(
        go.Scatter(
            x=points["epoch"],
            y=points[curve.column],
            mode="lines" if len(points) > 1 else "markers",
            line={"width": 1.6, "color": VIOLET},
            marker={"color": VIOLET},
            hovertemplate=f"epoch %{{x:.3g}}<br>%{{y:{curve.format}}}<extra></extra>",
        )
    )
    if curve.level is not None:
        figure.add_hline(
            curve.level, line={"width": 1, "dash": "dot", "color": EOSIN}, annotation_text=curve.level_name
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 4, "t": 4, "b": 0},
        showlegend=False,
        uirevision=key,
        hovermode="x",
        xaxis={"showgrid": False, "nticks": 5, "title": None, "zeroline": False},
        yaxis={
            "gridcolor": FAINT,
            "nticks": 4,
            "tickformat": curve.ticks,
            "title": None,
            "zeroline": False,
            "type": "log" if curve.logarithmic else "linear",
        },
    )
    st.plotly_chart(figure, key=f"{key}-{curve.column}", config={"displayModeBar": False})
