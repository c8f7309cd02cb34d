"""An episode to look at: support and queries class by class, each answer marked, and the same as points in a plane.

Right and wrong are told by a sign and a frame, classes by a letter; colour only helps.
"""

from __future__ import annotations

from html import escape
from string import ascii_uppercase

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard.links import thumb_url
from dashboard.parts.curves import EOSIN
from engine.evaluate.classroom import Lesson
from engine.images.table import ImageTable
from engine.labels.palette import colour_at
from engine.project import Project
from engine.types import UNKNOWN, Indices

HEADS = ("Class", "Support: labelled", "Queries: named by the method")
HEIGHT = 330  # pixels of the plane
SLIM = 5  # images of a class, up to which the board is no taller than the plane beside it


def episode_board(project: Project, table: ImageTable, lesson: Lesson) -> None:
    """One line a class: its name, what was learnt from, what was asked and answered."""
    rows = "".join(_class_row(project, table, lesson, place) for place in range(len(lesson.classes)))
    head = "".join(f"<span>{words}</span>" for words in HEADS)
    share = len(lesson.support) / (len(lesson.support) + len(lesson.queries))
    many = "" if slim(lesson) else " many"
    st.html(f"<div class='episode{many}' style='--share:{share:.2f}'><div class='head'>{head}</div>{rows}</div>")


def slim(lesson: Lesson) -> bool:
    """Whether the board is no taller than the plane."""
    return max(lesson.shots, len(lesson.queries) // len(lesson.classes)) <= SLIM


def verdict(lesson: Lesson) -> None:
    """How many of the queries are right, beside guessing."""
    right, asked = int(lesson.right.sum()), len(lesson.queries)
    text = f"{right} of {asked} right"
    chance = f"{right / asked:.0%} in this episode · guessing gets {1 / len(lesson.classes):.0%}"
    st.html(f"<div class='fact'><b>{text}</b><span>{chance}</span></div>")


def plane(lesson: Lesson) -> None:
    """Support, queries and prototypes in two dimensions; a wrong query is tied to the prototype it was taken for."""
    st.markdown(
        "**The episode in the plane**",
        help=f"The first two principal axes of this episode: {lesson.seen:.0%} of its scatter. What overlaps here may "
        "lie apart in the dimensions that are not shown.",
    )
    figure = go.Figure()
    for place, name in enumerate(lesson.classes):
        colour, letter = colour_at(place), ascii_uppercase[place]
        mine = np.flatnonzero(lesson.asked == place)
        _wrong_ties(figure, lesson, mine, colour)
        for right, symbol in ((True, "circle"), (False, "x")):
            some = mine[lesson.right[mine] == right]
            figure.add_scatter(
                x=lesson.query_points[some, 0],
                y=lesson.query_points[some, 1],
                mode="markers",
                marker={"symbol": symbol, "size": 8 if right else 9, "color": colour, "opacity": 0.85},
                text=[_answer(lesson, one) for one in some],
                hovertemplate=f"query of {letter} {escape(name)}<br>%{{text}}<extra></extra>",
            )
        learnt = slice(place * lesson.shots, (place + 1) * lesson.shots)
        figure.add_scatter(
            x=lesson.support_points[learnt, 0],
            y=lesson.support_points[learnt, 1],
            mode="markers",
            marker={"symbol": "square", "size": 12, "color": colour, "line": {"width": 1.5, "color": "white"}},
            hovertemplate=f"support of {letter} {escape(name)}<extra></extra>",
        )
        figure.add_scatter(
            x=lesson.prototypes[[place], 0],
            y=lesson.prototypes[[place], 1],
            mode="markers+text",
            marker={"symbol": "star-diamond", "size": 20, "color": colour, "line": {"width": 1.5, "color": "white"}},
            text=[f"<b>{letter}</b>"],
            textposition="top center",
            textfont={"size": 14},
            hovertemplate=f"prototype of {letter} {escape(name)}: the mean of its support<extra></extra>",
        )
    figure.update_layout(height=HEIGHT, margin={"l": 0, "r": 0, "t": 4, "b": 0}, showlegend=False, hovermode="closest")
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    st.plotly_chart(figure, key="chart-episode", config={"displayModeBar": False})
    st.html(
        "<div class='episode-key'><span>◆ prototype</span><span>■ support</span><span>● query, right</span>"
        "<span>✕ query, wrong, tied to the class it was taken for</span></div>"
    )


def _class_row(project: Project, table: ImageTable, lesson: Lesson, place: int) -> str:
    mine = np.flatnonzero(lesson.asked == place)
    name, letter = escape(lesson.classes[place]), ascii_uppercase[place]
    given = lesson.support[place * lesson.shots : (place + 1) * lesson.shots]
    support = "".join(f"<figure>{_image(project, table, int(row), 'support')}</figure>" for row in given)
    queries = "".join(_query(project, table, lesson, int(one)) for one in mine)
    count = f"{int(lesson.right[mine].sum())} of {len(mine)} right"
    return (
        f"<div class='row' style='--of:{colour_at(place)}'>"
        f"<div class='name'><b>{letter}</b><span title='{name}'>{name}</span><small>{count}</small></div>"
        f"<div class='given'>{support}</div><div class='asked'>{queries}</div></div>"
    )


def _query(project: Project, table: ImageTable, lesson: Lesson, one: int) -> str:
    picture = _image(project, table, int(lesson.queries[one]), _answer(lesson, one))
    if lesson.right[one]:
        return f"<figure class='right'>{picture}<figcaption>✓</figcaption></figure>"
    answered = int(lesson.answered[one])
    letter = "–" if answered == UNKNOWN else ascii_uppercase[answered]
    style = "" if answered == UNKNOWN else f" style='--taken:{colour_at(answered)}'"
    return f"<figure class='wrong'{style}>{picture}<figcaption>✗ <b>{letter}</b></figcaption></figure>"


def _answer(lesson: Lesson, one: int) -> str:
    """What was said of a query, in words."""
    answered = int(lesson.answered[one])
    if answered == UNKNOWN:
        return "no answer"
    sign = "right" if lesson.right[one] else "wrong"
    return f"{sign}: {ascii_uppercase[answered]} {lesson.classes[answered]}, probability {lesson.confidence[one]:.2f}"


def _image(project: Project, table: ImageTable, row: int, text: str) -> str:
    about = escape(f"{table.paths[row]} · {text}", quote=True)
    return f"<img src='{thumb_url(project, table.contents[row])}' alt='{about}' title='{about}' loading='lazy'>"


def _wrong_ties(figure: go.Figure, lesson: Lesson, mine: Indices, colour: str) -> None:
    """Lines from the wrong ones of these queries to the prototypes they were taken for."""
    wrong = mine[~lesson.right[mine] & (lesson.answered[mine] != UNKNOWN)]
    ends = np.full((len(wrong), 3, 2), np.nan)
    ends[:, 0], ends[:, 1] = lesson.query_points[wrong], lesson.prototypes[lesson.answered[wrong]]
    line = ends.reshape(-1, 2)
    figure.add_scatter(
        x=line[:, 0],
        y=line[:, 1],
        mode="lines",
        line={"width": 1, "dash": "dot", "color": EOSIN},
        opacity=0.55,
        hoverinfo="skip",
    )
