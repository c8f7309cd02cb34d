"""Thumbnails in plain HTML: a film strip, a contact sheet, pairs side by side. The browser fetches and caches them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard.links import thumb_url
from engine.project import Project


@dataclass(frozen=True)
class Picture:
    """One image to show."""

    content: str  # content hash
    name: str  # file name or path, for the tooltip and for who cannot see it
    caption: str = ""


def film(project: Project, pictures: Sequence[Picture]) -> None:
    """One row of thumbnails, cropped to the width there is."""
    st.html(f"<div class='film'>{''.join(_image(project, one) for one in pictures)}</div>")


def sheet(project: Project, pictures: Sequence[Picture], tile: str = "6rem") -> None:
    """A contact sheet; `tile` is the least width of a thumbnail, as in CSS."""
    figures = "".join(f"<figure>{_image(project, one)}{_caption(one.caption)}</figure>" for one in pictures)
    st.html(f"<div class='sheet' style='--tile:{escape(tile, quote=True)}'>{figures}</div>")


def pairs(project: Project, couples: Sequence[tuple[Picture, Picture, str]]) -> None:
    """Pairs of thumbnails, each with a caption that says why the two belong together.

    Args:
        couples: image, partner, caption.
    """
    figures = "".join(
        f"<figure><div class='pair'>{_image(project, left)}{_image(project, right)}</div>{_caption(why)}</figure>"
        for left, right, why in couples
    )
    st.html(f"<div class='pairs'>{figures}</div>")


def _image(project: Project, one: Picture) -> str:
    name = escape(one.name, quote=True)
    return f"<img src='{thumb_url(project, one.content)}' alt='{name}' title='{name}' loading='lazy'>"


def _caption(text: str) -> str:
    return f"<figcaption title='{escape(text, quote=True)}'>{escape(text)}</figcaption>" if text else ""
