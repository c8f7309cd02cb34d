"""The classes as thin bars in their own colours: how many labels each has."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.labels.tally import ClassTally


def class_meter(classes: Sequence[ClassTally]) -> None:
    """Draw the classes under one another; the fullest has the whole width."""
    st.html(f"<div class='meter'>{''.join(map(_line, classes))}</div>")


def _line(one: ClassTally) -> str:
    style = escape(f"--fill:{one.fullness:.1%};--colour:{one.colour}", quote=True)
    return (
        f"<span class='name' title='{escape(one.name, quote=True)}'>{escape(one.name)}</span>"
        f"<span class='rail' style='{style}'></span><span class='count'>{one.count:,}</span>"
    )
