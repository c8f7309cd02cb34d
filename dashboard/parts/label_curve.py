"""How the labelling went: one line a class, rising with every label."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.parts.curves import FAINT
from engine.labels.events import LabelClass

HEIGHT = 230  # pixels


def label_curve(curve: pd.DataFrame, classes: list[LabelClass]) -> None:
    """Draw labels over time.

    Args:
        curve: as engine.labels.activity gives it.
    """
    if curve["when"].nunique() < 2:
        st.caption("All labels so far came at one moment; a curve needs a second one.")
        return
    figure = go.Figure()
    for one in classes:
        points = curve[curve["class"] == one.name]
        figure.add_scatter(
            x=points["when"],
            y=points["of_class"],
            name=one.name,
            mode="lines+markers" if len(points) < 3 else "lines",
            line={"shape": "hv", "width": 2, "color": one.colour},
            hovertemplate="%{y} · %{x|%H:%M:%S}",
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 4, "t": 4, "b": 0},
        showlegend=False,
        hovermode="x unified",
        xaxis={"showgrid": False, "nticks": 6, "title": None, "zeroline": False},
        yaxis={"gridcolor": FAINT, "nticks": 5, "title": None, "zeroline": False, "rangemode": "tozero"},
    )
    st.plotly_chart(figure, key="label-curve", config={"displayModeBar": False})
