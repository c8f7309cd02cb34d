"""The words of Handful and what they mean: the glossary of ARCHITECTURE.md, their one source."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from dashboard.parts.words import sentence

SOURCE = Path(__file__).resolve().parents[2] / "ARCHITECTURE.md"
ROW = re.compile(r"^\| (?!word \|)([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)


def glossary() -> None:
    """Draw the words with their meanings."""
    lines = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(meaning)}.</dd></div>" for word, meaning in known_words())
    st.html(f"<dl class='words'>{lines}</dl>")


@cache
def known_words() -> tuple[tuple[str, str], ...]:
    """(word, meaning), in the order in which they build on each other."""
    _, _, rest = SOURCE.read_text(encoding="utf-8").partition("\n## Glossary\n")
    table, _, _ = rest.partition("\n## ")
    return tuple((sentence(word), sentence(meaning)) for word, meaning in ROW.findall(table))
