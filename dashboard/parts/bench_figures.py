"""The figures of a bench: scores with their intervals, what labels bring, what time brings, what leaks."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.parts.curves import EOSIN, FAINT, VIOLET
from engine.labels.palette import colour_at

GREY = "#8F8896"  # of what was not trained, on light and dark ground
ROW = 27  # pixels of one line of the intervals
HEIGHT = 300  # of the other figures
COLOURED = 5  # rows that get a colour of their own; the rest stay faint, with their name under the mouse
PLAIN = {"displayModeBar": False}


def intervals(summary: pd.DataFrame) -> None:
    """A line a row, best at the top: score and 95% interval. Filled: clearly above random weights; grey: untrained."""
    shown = summary.iloc[::-1].reset_index(drop=True)
    figure = go.Figure()
    for score in summary.loc[summary["null"], "score"]:
        figure.add_vline(score, line={"width": 1, "dash": "dot", "color": GREY})
    for null, colour in ((False, VIOLET), (True, GREY)):
        part = shown[shown["null"] == null]
        figure.add_scatter(
            x=part["score"],
            y=part.index,
            mode="markers",
            marker={
                "size": 9,
                "color": colour,
                "symbol": [_symbol(row) for row in part.itertuples()],
                "line": {"width": 1.6, "color": colour},
            },
            error_x=_error(part, colour, 1.4),
            customdata=part[["title", "low", "high"]],
            hovertemplate="%{customdata[0]}<br>%{x:.3f} (%{customdata[1]:.3f} to %{customdata[2]:.3f})<extra></extra>",
        )
    _lay_out(figure, ROW * len(shown) + 56, "balanced accuracy")
    figure.update_yaxes(
        tickvals=shown.index, ticktext=shown["title"], range=[-0.7, len(shown) - 0.3], automargin=True, nticks=None
    )
    st.plotly_chart(figure, key="chart-intervals", config=PLAIN)


def label_lines(lines: pd.DataFrame, summary: pd.DataFrame) -> None:
    """Balanced accuracy against labels of each class, with intervals; the best rows in colour."""
    figure = go.Figure()
    colours = _colours(summary)
    for title in reversed(list(summary["title"])):
        part = lines[lines["title"] == title]
        null = bool(part["null"].any())
        known = title in colours
        colour = GREY if null else colours.get(title, FAINT)
        figure.add_scatter(
            x=part["labels"],
            y=part["score"],
            name=title,
            mode="lines+markers",
            line={"width": 2 if known else 1.2, "color": colour, "dash": "dot" if null else "solid"},
            marker={"size": 6, "color": colour},
            error_y=_error(part, colour, 1) | {"visible": known or null},
            showlegend=known or null,
            hovertemplate=f"{title}<br>%{{x}} a class: %{{y:.3f}}<extra></extra>",
        )
    _lay_out(figure, HEIGHT, "labels of each class", "balanced accuracy")
    figure.update_xaxes(type="log", tickvals=sorted(lines["labels"].unique()), ticktext=None)
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": -0.24, "traceorder": "reversed", "font": {"size": 11}}
    )
    figure.update_layout(height=HEIGHT + 24 * (len(colours) // 2 + 1))
    st.plotly_chart(figure, key="chart-labels", config=PLAIN)


def time_points(summary: pd.DataFrame) -> None:
    """Balanced accuracy against the seconds that a training took; what was not trained as dotted lines."""
    trained = summary[~summary["null"]]
    colours = _colours(summary)
    figure = go.Figure(
        go.Scatter(
            x=trained["train_seconds"],
            y=trained["score"],
            mode="markers",
            marker={"size": 10, "color": [colours.get(title, GREY) for title in trained["title"]]},
            error_y=_error(trained, FAINT, 1),
            customdata=trained[["title", "views_per_second", "epochs"]],
            hovertemplate="%{customdata[0]}<br>%{y:.3f} after %{x:,.0f} s<br>%{customdata[1]:,.0f} views/s, "
            "%{customdata[2]:.3g} epochs<extra></extra>",
        )
    )
    for null in summary[summary["null"]].itertuples():
        figure.add_hline(
            null.score,
            line={"width": 1, "dash": "dot", "color": GREY},
            annotation={"text": null.title, "font": {"size": 10}},
            annotation_position="top left",
        )
    _lay_out(figure, HEIGHT, "seconds of training", "balanced accuracy")
    figure.update_xaxes(rangemode="tozero")
    st.plotly_chart(figure, key="chart-time", config=PLAIN)


def leakage_points(summary: pd.DataFrame, group: str) -> None:
    """Balanced accuracy against the share of the nearest neighbours that are of the same group; dotted: by chance."""
    colours = _colours(summary)
    figure = go.Figure(
        go.Scatter(
            x=summary["leakage"],
            y=summary["score"],
            mode="markers",
            marker={
                "size": 10,
                "color": [colours.get(title, GREY) for title in summary["title"]],
                "symbol": ["diamond" if null else "circle" for null in summary["null"]],
            },
            customdata=summary["title"],
            hovertemplate="%{customdata}<br>%{y:.3f}, %{x:.1%} of the same group<extra></extra>",
        )
    )
    figure.add_vline(
        float(summary["leakage_chance"].iloc[0]),
        line={"width": 1.4, "dash": "dot", "color": EOSIN},
        annotation={"text": "by chance", "font": {"size": 10}},
        annotation_position="bottom right",
    )
    _lay_out(figure, HEIGHT, f"neighbours of the same {group}", "balanced accuracy")
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    st.plotly_chart(figure, key="chart-leakage", config=PLAIN)


def _symbol(row: Any) -> str:
    if row.null:
        return "diamond"
    return "circle" if row.beats_random == "above" else "circle-open"


def _error(part: pd.DataFrame, colour: str, thickness: float) -> dict[str, Any]:
    """Bars from the lower to the upper end of the interval."""
    above, below = part["high"] - part["score"], part["score"] - part["low"]
    return {"array": above, "arrayminus": below, "thickness": thickness, "width": 0, "color": colour}


def _colours(summary: pd.DataFrame) -> dict[str, str]:
    best = summary.loc[~summary["null"], "title"].head(COLOURED)
    return {title: colour_at(place) for place, title in enumerate(best)}


def _lay_out(figure: go.Figure, height: int, below: str, beside: str = "") -> None:
    figure.update_layout(height=height, margin={"l": 0, "r": 8, "t": 8, "b": 0}, showlegend=False, hovermode="closest")
    figure.update_xaxes(title={"text": below, "font": {"size": 12}}, gridcolor=FAINT, zeroline=False, nticks=7)
    figure.update_yaxes(title={"text": beside, "font": {"size": 12}}, gridcolor=FAINT, zeroline=False)
