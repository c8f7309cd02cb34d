"""What the six kinds of demo tissue look like, so that a layperson can label them.

The pictures in assets/tissue are tiles of another demo (seed 11), each wholly of its kind, and in nobody's project.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "tissue"
KINDS = {  # name of the class → what to look for, and the picture's file
    "Adipose": ("large empty cells, thin walls", "adipose"),
    "Lymphocytes": ("crowds of small round dark dots", "lymphocytes"),
    "Necrosis": ("smudged pink, dark crumbs", "necrosis"),
    "Normal glands": ("neat rings around a hole", "normal-glands"),
    "Stroma": ("wavy pink fibres, thin nuclei", "stroma"),
    "Tumour": ("crowded, large, untidy nuclei", "tumour"),
}


def tissue_key() -> None:
    """Draw the key: a picture, a name and a few words for each kind."""
    st.html(f"<div class='tissues'>{''.join(_kind(name) for name in KINDS)}</div>")


def tissue_film() -> None:
    """The pictures alone, in one row."""
    st.html(f"<div class='film'>{''.join(_image(name) for name in KINDS)}</div>")


def _kind(name: str) -> str:
    return f"<figure>{_image(name)}<figcaption><b>{escape(name)}</b>{escape(KINDS[name][0])}</figcaption></figure>"


def _image(name: str) -> str:
    return f"<img src='{_address(KINDS[name][1])}' alt='{escape(name)}' title='{escape(name)}'>"


@cache
def _address(file: str) -> str:
    """The picture as an address that holds it: it is small, and no route is needed."""
    return f"data:image/webp;base64,{b64encode((FOLDER / f'{file}.webp').read_bytes()).decode()}"
