"""The slides of a folder as cards: picture with tissue, size, scale, and how many tiles they would give."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboard import slide_reads
from dashboard.parts import words
from engine.slides.look import SlideLook
from engine.slides.read import SlideInfo
from engine.slides.survey import Expected

SIDE = 420  # pixels of a card's picture
MOST = 60  # cards drawn; a page of more is no overview


def slide_cards(looks: Mapping[str, SlideLook], counts: Mapping[str, Expected]) -> None:
    """Draw a card for each slide that can be read, then those that give no tile, with the reason."""
    readable = {name: seen for name, seen in looks.items() if seen.info}
    cards = "".join(_card(name, seen, counts[name]) for name, seen in list(readable.items())[:MOST])
    st.html(f"<div class='slides'>{cards}</div>")
    if len(readable) > MOST:
        st.caption(f"… and {words.count(len(readable) - MOST, 'slide')} more.")
    _left_out({name: counts[name].reason for name in looks if counts[name].reason})


def _card(name: str, seen: SlideLook, count: Expected) -> str:
    picture = base64.b64encode(slide_reads.tissue_picture(seen, SIDE)).decode("ascii")
    said = words.count(count.tiles, "tile") if count.tiles else "no tile"
    places = f" of {words.count(count.fields, 'place')}" if count.tiles > count.fields else ""
    return (
        f"<figure class='{'' if count.tiles else 'none'}'>"
        f"<img src='data:image/webp;base64,{picture}' alt='Overview of {escape(name, quote=True)}, tissue outlined'>"
        f"<figcaption><b title='{escape(str(seen.path), quote=True)}'>{escape(name)}</b>"
        f"<span>{escape(facts_of(seen.info))}</span><span class='tiles'>{said}{places}</span></figcaption></figure>"
    )


def facts_of(info: SlideInfo | None) -> str:
    """“2,220 × 2,967 px · 20x · 0.499 µm/px”."""
    if info is None:
        return ""
    parts = [f"{info.width:,} × {info.height:,} px"]
    parts += [f"{info.objective:g}x"] if info.objective else []
    parts += [f"{info.mpp:.3g} µm/px" if info.mpp else "µm/px unknown"]
    return " · ".join(parts)


def _left_out(reasons: Mapping[str, str]) -> None:
    if reasons:
        with st.expander(f"{words.count(len(reasons), 'file')} that will be left out", icon=":material/broken_image:"):
            rows = [{"file": name, "reason": reason} for name, reason in reasons.items()]
            st.dataframe(rows, hide_index=True, row_height=30, column_config={"reason": {"width": "large"}})
