"""The confusion matrix: what the images are, down; what they were taken for, across."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from engine.evaluate.matrix import Matrix

ROW = 46  # pixels a class
DARK = 0.75  # share above which a cell is dark enough for white; below, theme.css gives the ink
SCALE = [[0.0, "rgba(122, 92, 192, 0.05)"], [0.5, "rgba(122, 92, 192, 0.5)"], [1.0, "rgba(91, 62, 150, 1)"]]


def confusion(shown: Matrix) -> None:
    """Draw the matrix: counts in the cells, the share of the row as colour."""
    figure = go.Figure(
        go.Heatmap(
            z=shown.shares,
            x=shown.answers,
            y=shown.truth,
            colorscale=SCALE,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="is %{y}, taken for %{x}<br>%{z:.0%} of %{y}<extra></extra>",
        )
    )
    _write(figure, shown, dark=False)
    _write(figure, shown, dark=True)
    figure.update_layout(
        height=ROW * len(shown.truth) + 70,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"side": "top", "showgrid": False, "title": None, "fixedrange": True},
        yaxis={"autorange": "reversed", "showgrid": False, "title": None, "fixedrange": True},
    )
    st.plotly_chart(figure, key="confusion", config={"displayModeBar": False})


def _write(figure: go.Figure, shown: Matrix, *, dark: bool) -> None:
    """Write the counts into the dark cells, or into the others."""
    cells = [
        (truth, answer, shown.counts[row][column])
        for row, truth in enumerate(shown.truth)
        for column, answer in enumerate(shown.answers)
        if shown.counts[row][column] and (shown.shares[row][column] > DARK) == dark
    ]
    figure.add_scatter(
        x=[answer for _, answer, _ in cells],
        y=[truth for truth, _, _ in cells],
        text=[f"{count:,}" for _, _, count in cells],
        textfont={"color": "#FFFFFF"} if dark else None,
        mode="text",
        hoverinfo="skip",
        showlegend=False,
    )
