"""What each method does, in two sentences and a small drawing: squares are labelled, dots are not, “?” is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard.parts.episode_form import method_titles
from engine.labels.palette import colour_at

INK = "#837C8A"  # reads on light and on dark ground
FONT = "font-family='Source Sans 3, Source Sans Pro, sans-serif'"
FIRST, SECOND = colour_at(0), colour_at(1)  # the two classes of every drawing
LEFT, RIGHT = [(40, 48), (66, 28), (60, 76)], [(176, 40), (204, 62), (182, 92)]  # where their labelled images lie
OTHERS = [(92, 56), (118, 34), (84, 96), (112, 106), (150, 112), (148, 66), (214, 104), (32, 86)]  # without a label
ASKED = (122, 72)


def method_idea(name: str) -> None:
    """The drawing and the sentences of a method; nothing for one that has none."""
    if name not in IDEAS:
        return
    draw, text = IDEAS[name]
    title = escape(method_titles().get(name, name))
    drawing = quote(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 240 132' {FONT}>{draw()}</svg>")
    picture = f"<img src='data:image/svg+xml,{drawing}' alt='{title}, drawn'>"  # as text st.html would drop it
    st.html(f"<div class='idea'>{picture}<p><b>{title}.</b> {escape(text)}</p></div>")


def _square(x: float, y: float, colour: str, side: float = 10) -> str:
    corner = x - side / 2, y - side / 2
    return f"<rect x='{corner[0]}' y='{corner[1]}' width='{side}' height='{side}' rx='2' fill='{colour}'/>"


def _dot(x: float, y: float) -> str:
    return f"<circle cx='{x}' cy='{y}' r='4' fill='{INK}' fill-opacity='.28'/>"


def _line(start: tuple[float, float], end: tuple[float, float], width: float, colour: str = INK) -> str:
    ends = f"x1='{start[0]}' y1='{start[1]}' x2='{end[0]}' y2='{end[1]}'"
    return f"<line {ends} stroke='{colour}' stroke-width='{width}' stroke-opacity='.75' stroke-linecap='round'/>"


def _star(x: float, y: float, colour: str) -> str:
    points = f"{x},{y - 11} {x + 11},{y} {x},{y + 11} {x - 11},{y}"
    return f"<polygon points='{points}' fill='{colour}' stroke='white' stroke-width='1.5'/>"


def _ellipse(x: float, y: float, wide: float, high: float, colour: str, turn: float = 0) -> str:
    return (
        f"<ellipse cx='{x}' cy='{y}' rx='{wide}' ry='{high}' transform='rotate({turn} {x} {y})' fill='{colour}' "
        f"fill-opacity='.12' stroke='{colour}' stroke-opacity='.7'/>"
    )


def _asked() -> str:
    x, y = ASKED
    return f"<circle cx='{x}' cy='{y}' r='10' fill='{INK}'/>" + _text(x, y + 4.5, "?", "middle", 13, "white")


def _text(x: float, y: float, words: str, anchor: str, size: int, ink: str = INK) -> str:
    about = f"text-anchor='{anchor}' font-size='{size}' font-weight='600' fill='{ink}'"
    return f"<text x='{x}' y='{y}' {about}>{words}</text>"


def _bar(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f"<rect x='{x}' y='{y}' width='{wide}' height='{high}' rx='2' fill='{colour}'/>"


def _labelled() -> str:
    return "".join(_square(*at, FIRST) for at in LEFT) + "".join(_square(*at, SECOND) for at in RIGHT)


def _mean(points: list[tuple[int, int]]) -> tuple[float, float]:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _prototypes() -> str:
    means = [(_mean(LEFT), FIRST), (_mean(RIGHT), SECOND)]
    ways = "".join(_line(mean, ASKED, 1.4, colour) for mean, colour in means)
    return ways + _labelled() + "".join(_star(*mean, colour) for mean, colour in means) + _asked()


def _votes() -> str:
    """A line from each labelled image, the broader the nearer."""
    lines = ""
    for points, colour in ((LEFT, FIRST), (RIGHT, SECOND)):
        for x, y in points:
            distance = ((x - ASKED[0]) ** 2 + (y - ASKED[1]) ** 2) ** 0.5
            lines += _line((x, y), ASKED, max(0.6, 9 - distance / 11), colour)
    return lines + _labelled() + _asked()


def _nearest() -> str:
    x, y = ASKED
    near = f"<circle cx='{x}' cy='{y}' r='68' fill='{INK}' fill-opacity='.06' stroke='{INK}' stroke-dasharray='3 4'/>"
    return near + _line(RIGHT[0], ASKED, 1.2, SECOND) + _line(LEFT[2], ASKED, 1.2, FIRST) + _labelled() + _asked()


def _border() -> str:
    return _labelled() + _line((128, 8), (112, 126), 2) + _asked()


def _scatter() -> str:
    clouds = _ellipse(*_mean(LEFT), 36, 25, FIRST, 70) + _ellipse(*_mean(RIGHT), 36, 25, SECOND, 70)
    return clouds + _labelled() + _line((132, 8), (110, 126), 2) + _asked()


def _graph() -> str:
    """Labels run along the joins between images that are alike."""
    places = [*LEFT, *RIGHT, *OTHERS, ASKED]
    joins = ""
    for start in places:
        near = sorted(places, key=lambda end: (end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2)[1:4]
        joins += "".join(_line(start, end, 0.7) for end in near)
    return joins + "".join(_dot(*at) for at in OTHERS) + _labelled() + _asked()


def _shared_out() -> str:
    """As many of the images to either prototype."""
    means = [(_mean(LEFT), FIRST), (_mean(RIGHT), SECOND)]
    halves = sorted([*OTHERS, ASKED])
    lines = "".join(
        _line(at, means[place >= len(halves) / 2][0], 0.9, means[place >= len(halves) / 2][1])
        for place, at in enumerate(halves)
    )
    return lines + "".join(_dot(*at) for at in OTHERS) + "".join(_star(*at, colour) for at, colour in means) + _asked()


def _mixture() -> str:
    """What several methods say, and their weighted mean."""
    bars = ""
    for place, (first, weight) in enumerate(((0.75, 0.5), (0.6, 0.35), (0.35, 0.15), (0.64, 1.0))):
        y, thick = 14 + 30 * place + (6 if place == 3 else 0), 8 + 10 * weight if place < 3 else 18
        bars += _bar(60, y, 150 * first, thick, FIRST) + _bar(60 + 150 * first, y, 150 * (1 - first), thick, SECOND)
        bars += _text(52, y + thick / 2 + 4, f"{weight:.0%}" if place < 3 else "mixed", "end", 11)
    return bars


IDEAS: Mapping[str, tuple[Callable[[], str], str]] = {
    "prototype": (
        _prototypes,
        "Average what was labelled of each class: that mean is its prototype. A query belongs to the nearest one.",
    ),
    "matching": (
        _votes,
        "Every labelled image votes for its class, and the more it looks like the query, the louder. No mean is taken, "
        "so a class may have several looks.",
    ),
    "knn": (
        _nearest,
        "Only the nearest labelled images vote. With one label a class the single nearest decides, as it does for "
        "prototypes and matching: then all three say the same.",
    ),
    "logistic": (
        _border,
        "Draw the straight border that makes the labels most likely, but hold it gentle: with few labels a bold border "
        "would follow their accidents.",
    ),
    "lda": (
        _scatter,
        "Prototypes again, but directions in which images of one class scatter anyway count less. It needs a few "
        "labels a class to know that scatter.",
    ),
    "smoothed": (
        _graph,
        "Replace each image by the average of itself and those most alike, then compare as above. What is odd about a "
        "single image is averaged out.",
    ),
    "spread": (
        _graph,
        "Join each image with those most alike and let the labels run along the joins. Images without a label help: "
        "they are the stepping stones.",
    ),
    "laplace": (
        _graph,
        "Walk at random from the query, from image to image, until you meet a labelled one. The class you meet most "
        "often, for how often all images meet it, is the answer.",
    ),
    "poisson": (
        _graph,
        "Each label is a spring of its own class and a drain of the others. What flows past an image tells its class; "
        "made for one label a class.",
    ),
    "laplacian_shot": (
        _graph,
        "Prototypes, with one wish more: queries that are neighbours should get the same answer.",
    ),
    "tim": (
        _shared_out,
        "Move the prototypes until single answers are sure and all classes are answered evenly. In an episode classes "
        "are even; real images are not.",
    ),
    "pt_map": (
        _shared_out,
        "Share the queries out among the prototypes, as many to each, move each prototype to the middle of its share, "
        "and again. Strong where classes are even, as in an episode.",
    ),
    "ensemble": (_mixture, "Half a straight border, half label spreading: where one errs, the other often does not."),
    "auto": (
        _mixture,
        "Hide some labels, see what each method makes of them, and mix the methods by how well they did.",
    ),
}
