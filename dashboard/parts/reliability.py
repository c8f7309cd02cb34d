"""The reliability diagram: of the answers said to be right with 80%, are 80% right?"""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from dashboard.parts.curves import FAINT, QUIET, VIOLET
from engine.evaluate.reliability import Reliability

HEIGHT = 300  # pixels


def reliability(shown: Reliability) -> None:
    """Draw how often answers are right against how probable they were said to be, with exact 95% intervals."""
    st.markdown(
        "**Are the probabilities honest?**",
        help="Each point: answers of about the same probability. On the line they are right as often as they say; "
        "below it they are too sure. Bars: exact 95% intervals. Large points: many images.",
    )
    most = max(one.images for one in shown.bins)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": QUIET, "width": 1, "dash": "dot"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[one.said for one in shown.bins],
        y=[one.right for one in shown.bins],
        error_y={
            "array": [one.interval[1] - one.right for one in shown.bins],
            "arrayminus": [one.right - one.interval[0] for one in shown.bins],
            "thickness": 1.2,
            "width": 3,
            "color": VIOLET,
        },
        customdata=[one.images for one in shown.bins],
        mode="lines+markers",
        line={"color": VIOLET, "width": 1.5},
        marker={"size": [6 + 10 * (one.images / most) ** 0.5 for one in shown.bins], "color": VIOLET},
        hovertemplate="said %{x:.0%}, right %{y:.0%}<br>%{customdata:,} images<extra></extra>",
    )
    axis = {"range": [0, 1.02], "dtick": 0.2, "tickformat": ".0%", "gridcolor": FAINT, "zeroline": False}
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 20, "t": 8, "b": 0},
        showlegend=False,
        xaxis={**axis, "fixedrange": True, "title": "said to be right"},
        yaxis={**axis, "fixedrange": True, "title": "are right"},
    )
    st.plotly_chart(figure, key="reliability", config={"displayModeBar": False})
    st.caption(shown.sentence)
