"""Numbers said in words: counts with their noun, durations, states of a job."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

Colour = Literal["gray", "violet", "green", "red", "orange"]

JOB_STATES: dict[str, tuple[str, Colour]] = {  # the engine's word → the word on screen, Streamlit colour name
    "queued": ("waiting for its turn", "gray"),
    "running": ("running", "violet"),
    "done": ("done", "green"),
    "stopped": ("stopped by you", "gray"),
    "failed": ("failed", "red"),
    "interrupted": ("interrupted", "orange"),
}


def count(number: int, noun: str) -> str:
    """“1 image”, “1,200 images”, “3 classes”."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def size(count: int) -> str:
    """A number of bytes as one says it: “640 kB”, “1.2 GB”."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count / 1e3:,.0f} kB"


def duration(seconds: float | None) -> str:
    """A span of time as one says it: “40 s”, “3 min”, “2 h 5 min”; empty where unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def time_left(seconds: float | None) -> str:
    """“about 3 min left”, or empty where it cannot be told."""
    said = duration(seconds)
    return f"about {said} left" if said else ""


def ago(when: str) -> str:
    """How long a moment (ISO 8601 with its zone) is past: “just now”, “3 min ago”, “2 h ago”; before that its day."""
    moment = datetime.fromisoformat(when)
    seconds = (datetime.now(UTC) - moment).total_seconds()
    if seconds < 45:
        return "just now"
    if seconds < 12 * 3600:
        return f"{duration(seconds)} ago"
    moment = moment.astimezone()
    return f"on {moment.day} {moment:%B}"


def begun(text: str) -> str:
    """The text with a small first letter, to stand after a comma."""
    return text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def cited(source: str) -> str:
    """A source such as “Chen et al., ICML 2020 · https://…” as a link by its name, where it has an address."""
    named, _, address = source.partition(" · ")
    return f"[{named}]({address})" if address else named


def plain(text: str) -> str:
    """The text so that Markdown shows it as it is: a pattern such as {a}_{b} has no cursive in it."""
    return re.sub(r"([\\_*`$~])", r"\\\1", text)
