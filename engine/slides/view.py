"""What a view of a tiled slide needs: which slides a project knows, where on each its tiles lie, and their pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine import files
from engine.errors import UnknownImage, UnreadableSlide
from engine.images.table import ImageTable
from engine.project import Project
from engine.slides.survey import survey
from engine.slides.tile import read_slides
from engine.types import Floats, Indices


@dataclass(frozen=True)
class Layer:
    """The tiles of one slide that share scale and side."""

    name: str  # as in “20x”, or “20x, 512 px” where sides differ too
    extent: float  # side in pixels of the slide's finest level
    tiles: int


@dataclass(frozen=True, eq=False)
class SlideTiles:
    """Where the tiles [M] of one slide lie."""

    rows: Indices  # [M] of the image table
    squares: Floats  # [M 3] x and y of the centre, and the side, in pixels of the slide's finest level
    fields: Indices  # [M] equal for tiles of one field
    layers: tuple[Layer, ...]  # finest first
    layer: Indices  # [M] place in `layers`


def tiled_slides(table: ImageTable) -> dict[str, int]:
    """The slides that tiles were cut from, by name, with the number of their tiles.

    The name is the first folder of a tile's path: in the column of slides a name such as “007” may be a number.
    """
    return dict(sorted(Counter(path.partition("/")[0] for path in table.paths).items()))


def slide_tiles(table: ImageTable, slide: str) -> SlideTiles:
    """The tiles of a slide, in the order of the table.

    Raises:
        ColumnMissing: the images are no tiles.
        UnknownImage: no tile is of this slide.
    """
    rows = np.asarray([row for row, path in enumerate(table.paths) if path.partition("/")[0] == slide], np.int64)
    if not len(rows):
        raise UnknownImage(f"No tile is of the slide “{slide}”. Rescan the project, then reload the page.")
    squares = np.stack([table.column(name).to_numpy(np.float32)[rows] for name in ("x", "y", "extent")], axis=1)
    scales = table.column("magnification").to_numpy(np.float64)[rows]
    _, fields = np.unique(table.codes("field")[0][rows], return_inverse=True)
    kinds, layer = np.unique(np.stack([-scales, squares[:, 2]], axis=1), axis=0, return_inverse=True)
    named = _layers(kinds, np.bincount(layer, minlength=len(kinds)).tolist())
    return SlideTiles(rows, squares, fields.astype(np.int64), named, layer.astype(np.int64))


def slide_about(project: Project, slide: str) -> dict[str, Any]:
    """What slides.json says of a slide; its width and height in pixels at least.

    Raises:
        UnreadableSlide: nothing is known of it.
    """
    about = read_slides(project).get(slide, {})
    if "width" not in about:
        raise UnreadableSlide(f"Nothing is known of the slide “{slide}”. Tile it again; tiles that are there stay.")
    return about


def slide_picture(project: Project, slide: str) -> bytes:
    """The overview of a slide as WebP, made now if it is missing.

    Raises:
        UnreadableSlide, ExtraMissing: it is missing, and the slide cannot be read.
    """
    path = project.overview_path(slide)
    if not path.exists():
        seen = survey({slide: Path(slide_about(project, slide)["path"])})[slide]
        if seen.reason:
            raise UnreadableSlide(seen.reason)
        files.write_bytes(path, seen.picture)
    return path.read_bytes()


def _layers(kinds: Floats, counts: list[int]) -> tuple[Layer, ...]:
    """Layers from rows of (-magnification, extent), which sort by scale and then by side."""
    scales = [f"{-kind[0]:g}x" for kind in kinds]
    sides = [f"{kind[1]:g} px" for kind in kinds]
    return tuple(
        Layer(scale if scales.count(scale) == 1 else f"{scale}, {side}", float(kind[1]), count)
        for kind, scale, side, count in zip(kinds, scales, sides, counts, strict=True)
    )
