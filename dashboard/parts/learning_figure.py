"""The learning curve: the score by the number of labels, what is foretold beyond, and guessing below."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from dashboard.parts.curves import EOSIN, FAINT, QUIET, VIOLET
from engine.evaluate.learning_curve import LearningCurve

HEIGHT = 340  # pixels
BAND = "rgba(132, 103, 204, 0.14)"


def learning_figure(curve: LearningCurve) -> None:
    """Draw the curve."""
    figure = go.Figure()
    beyond, points = curve.fitted, curve.points
    figure.add_scatter(
        x=[one.labels for one in [*beyond, *reversed(beyond)]],
        y=[one.high for one in beyond] + [one.low for one in reversed(beyond)],
        fill="toself",
        fillcolor=BAND,
        line={"width": 0},
        name="95% interval",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[one.labels for one in beyond],
        y=[one.score for one in beyond],
        mode="lines",
        line={"color": VIOLET, "width": 1.5, "dash": "dash"},
        name="expected",
        hovertemplate="expected %{y:.0%}<extra></extra>",
    )
    figure.add_scatter(
        x=[one.labels for one in points],
        y=[one.score for one in points],
        error_y={
            "array": [one.high - one.score for one in points],
            "arrayminus": [one.score - one.low for one in points],
            "thickness": 1.2,
            "width": 3,
            "color": VIOLET,
        },
        mode="markers",
        marker={"color": VIOLET, "size": 8},
        name="labels in random order",
        hovertemplate="in random order %{y:.0%}<extra></extra>",
    )
    figure.add_scatter(
        x=[one.labels for one in points],
        y=[one.in_order for one in points],
        mode="lines",
        line={"color": EOSIN, "width": 1.5},
        name="labels in the order you gave them",
        hovertemplate="in your order %{y:.0%}<extra></extra>",
    )
    figure.add_hline(
        curve.chance,
        line={"width": 1, "dash": "dot", "color": QUIET},
        annotation={"text": "guessing", "font": {"size": 12}},
        annotation_position="bottom right",
    )
    figure.add_vline(curve.labels, line={"width": 1, "color": FAINT}, annotation={"text": "now", "font": {"size": 12}})
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 4, "t": 22, "b": 0},
        hovermode="x",
        legend={"orientation": "h", "y": -0.22, "x": 0, "font": {"size": 12}},
        xaxis={"title": "labels learnt from", "showgrid": False, "zeroline": False, "nticks": 8, "tickformat": "d"},
        yaxis={"title": None, "gridcolor": FAINT, "zeroline": False, "tickformat": ".0%", "rangemode": "tozero"},
    )
    st.plotly_chart(figure, key="learning-curve", config={"displayModeBar": False})
