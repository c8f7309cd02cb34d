"""Names with counts as thin bars: group sizes, top values of a column, images per class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


@dataclass(frozen=True)
class Bar:
    """One line of a meter."""

    name: str
    count: int
    fullness: float  # length of the bar, in [0, 1]
    colour: str = ""  # "" for the accent


def meter(bars: Sequence[Bar]) -> None:
    """Draw the bars under one another; their lengths are given, not computed here."""
    st.html(f"<div class='meter'>{''.join(map(_line, bars))}</div>")


def _line(bar: Bar) -> str:
    colour = f";--colour:{escape(bar.colour, quote=True)}" if bar.colour else ""
    name = escape(bar.name)
    return (
        f"<span class='name' title='{escape(bar.name, quote=True)}'>{name}</span>"
        f"<span class='rail' style='--fill:{bar.fullness:.1%}{colour}'></span>"
        f"<span class='count'>{bar.count:,}</span>"
    )
