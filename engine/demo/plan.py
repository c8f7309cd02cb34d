"""What will be drawn: patients, slides, fields and tiles, with their names; no pixel yet.

A field is one place on a slide: four touching tiles at 20x and the one tile at 10x that covers all four. The slides of
a patient are serial sections of one block, so the same field of two slides shows nearly the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

TILE = 128  # pixels a side of every image
FIELD = 2 * TILE  # pixels a side of a field at 20x
TILES_PER_FIELD = 5  # four at 20x, one at 10x
FIELDS_PER_SLIDE = 6  # once there are enough images for more than a few slides
SLIDES_PER_PATIENT = 2
FEWEST_SLIDES = 8  # where the images are few, they still come from four patients


@dataclass(frozen=True)
class Tile:
    """One image to be: where it lies and what its name tells."""

    patient: int
    slide: int
    field: str  # place in the patient's block, shared by both magnifications and by all its slides
    x: int  # position on the slide's grid of 20x tiles
    y: int
    magnification: int  # 20 or 10
    serial: int  # order in which the scanner passed, to and fro, at this magnification; neighbours in order touch
    row: int  # pixel of the drawn slide at 20x where the tile begins
    column: int

    @property
    def path(self) -> str:
        """Relative to the images folder, in the key-value form that the built-in reader of names understands."""
        patient = f"patient-{self.patient:02d}"
        return (
            f"{patient}/{patient}_slide-{self.slide}_field-{self.field}_x-{self.x}_y-{self.y}"
            f"_magnification-{self.magnification}_serial-{self.serial:03d}.png"
        )


@dataclass(frozen=True)
class Slide:
    """One slide to be drawn whole, then cut."""

    patient: int
    slide: int
    rows: int  # fields
    columns: int
    tiles: tuple[Tile, ...]


def plan_slides(count: int, seed: int) -> list[Slide]:
    """Slides whose tiles number exactly `count`, ≥ 1."""
    fields = ceil(count / TILES_PER_FIELD)
    slides = max(min(fields, FEWEST_SLIDES), ceil(fields / FIELDS_PER_SLIDE))
    shares = [fields // slides + (index < fields % slides) for index in range(slides)]
    planned = []
    for index, share in enumerate(shares):
        patient, section = divmod(index, SLIDES_PER_PATIENT)
        wanted = min(count, share * TILES_PER_FIELD)
        planned.append(_plan_slide(patient + 1, section + 1, share, wanted, seed))
        count -= wanted
    return planned


def _plan_slide(patient: int, slide: int, fields: int, wanted: int, seed: int) -> Slide:
    columns = ceil(sqrt(fields))
    rows = ceil(fields / columns)
    left, top = np.random.default_rng([seed, patient]).integers(2, 20, size=2) * 2  # the same for all its sections
    tiles: list[Tile] = []
    for field in range(fields):
        row, column = divmod(field, columns)
        column = column if row % 2 == 0 else columns - 1 - column
        tiles += _field_tiles(patient, slide, int(left) + 2 * column, int(top) + 2 * row, (int(left), int(top)))
    return Slide(patient, slide, rows, columns, _number(tiles[:wanted]))


def _field_tiles(patient: int, slide: int, x: int, y: int, origin: tuple[int, int]) -> list[Tile]:
    field = f"p{patient:02d}x{x}y{y}"
    corners = [(x, y, 20), (x + 1, y, 20), (x, y + 1, 20), (x + 1, y + 1, 20), (x, y, 10)]
    return [
        Tile(patient, slide, field, at_x, at_y, power, 0, (at_y - origin[1]) * TILE, (at_x - origin[0]) * TILE)
        for at_x, at_y, power in corners
    ]


def _number(tiles: list[Tile]) -> tuple[Tile, ...]:
    """The tiles with serial numbers along a scanner's to-and-fro path, from 1 at each magnification."""
    numbered = {}
    for power in (20, 10):
        pitch = TILE * 20 // power
        rank = {tile: _along_path(tile.row // pitch, tile.column) for tile in tiles if tile.magnification == power}
        for serial, tile in enumerate(sorted(rank, key=lambda tile: rank[tile]), start=1):
            numbered[tile] = serial
    return tuple(_with_serial(tile, numbered[tile]) for tile in tiles)


def _along_path(row: int, column: int) -> tuple[int, int]:
    return row, column if row % 2 == 0 else -column


def _with_serial(tile: Tile, serial: int) -> Tile:
    values = {**tile.__dict__, "serial": serial}
    return Tile(**values)
