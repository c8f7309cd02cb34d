"""Cut tiles and write them; called in helper processes, which a broken slide may take down.

This file loads without pandas: the helpers start with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from engine import files
from engine.errors import UnreadableSlide
from engine.slides.read import read_region


@dataclass(frozen=True)
class Cut:
    """One tile to write."""

    slide: Path
    target: Path
    left: float  # pixels of the slide's finest level
    top: float
    downsample: float
    size: int  # side in pixels
    quality: int


def cut(one: Cut) -> str:
    """Write the tile where it is not there yet; returns why it could not be, or ""."""
    if one.target.exists():
        return ""
    try:
        image, _ = read_region(one.slide, one.left, one.top, one.downsample, one.size)
    except UnreadableSlide as error:
        return str(error)
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=one.quality, subsampling=0)
    files.write_bytes(one.target, encoded.getvalue())
    return ""


def crashed(one: Cut) -> str:
    """The reason for a tile whose process died over it."""
    return f"The reader crashed on {one.slide.name}. Export or copy the slide again."
