"""Synthetic slides with known content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile

WHITE, COLOURS = (245, 244, 246), [(200, 80, 150), (120, 60, 160), (230, 120, 120), (90, 110, 190)]


def write_pyramid(path: Path, mpp: float = 0.5) -> Path:
    """1,024 x 768 pixels: four coloured squares of 256 in the upper left quarter, glass around them; two levels."""
    picture = np.full((768, 1024, 3), WHITE, np.uint8)
    for place, colour in enumerate(COLOURS):
        row, column = divmod(place, 2)
        picture[256 * row : 256 * (row + 1), 256 * column : 256 * (column + 1)] = colour
    scale = (1e4 / mpp, 1e4 / mpp) if mpp else None  # pixels per centimetre
    options = {"tile": (128, 128), "photometric": "rgb", "resolutionunit": "CENTIMETER"}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(picture, resolution=scale, **options)
        tiff.write(picture[::2, ::2], subfiletype=1, **options)
    return path
