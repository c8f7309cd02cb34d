"""The confusion matrix: what the images are, down; what they were taken for, across."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from engine.evaluate.matrix import Matrix

ROW = 46  # pixels a class
QUIET = "#8C8591"  # text on a faint cell, in both themes
DARK = 0.4  # share from which a cell is dark enough for white text
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
    cells = [(row, column) for row in range(len(shown.truth)) for column in range(len(shown.answers))]
    figure.add_scatter(
        x=[shown.answers[column] for _, column in cells],
        y=[shown.truth[row] for row, _ in cells],
        text=[f"{shown.counts[row][column]:,}" if shown.counts[row][column] else "" for row, column in cells],
        textfont={"color": ["#FFFFFF" if shown.shares[row][column] > DARK else QUIET for row, column in cells]},
        mode="text",
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_layout(
        height=ROW * len(shown.truth) + 70,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"side": "top", "showgrid": False, "title": None, "fixedrange": True},
        yaxis={"autorange": "reversed", "showgrid": False, "title": None, "fixedrange": True},
    )
    st.plotly_chart(figure, key="confusion", config={"displayModeBar": False})
