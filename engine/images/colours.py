"""An image's colours in six numbers, from its thumbnail: enough to see whether colour gives something away."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from engine.errors import UnreadableImage
from engine.images.table import ImageTable
from engine.images.thumbnails import read_thumbnail
from engine.project import Project
from engine.types import Array, Indices

SIDE = 32  # pixels that a thumbnail is shrunk to; means and spreads change little


def colours_of(project: Project, table: ImageTable, rows: Indices) -> Array:
    """Mean and standard deviation of red, green and blue [M 6], from 0 to 255; NaN for an image that is gone."""
    return np.array([_colours(project, table.contents[row]) for row in rows])


def _colours(project: Project, content: str) -> Array:
    try:
        with Image.open(io.BytesIO(read_thumbnail(project, content))) as thumbnail:
            small = np.asarray(thumbnail.convert("RGB").resize((SIDE, SIDE)), np.float64)
    except UnreadableImage:
        return np.full(6, np.nan)
    return np.concatenate([small.mean(axis=(0, 1)), small.std(axis=(0, 1))])
