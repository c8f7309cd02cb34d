"""The projects on which priors are measured: real images with what is known of them, and their classes kept apart.

Tables of metadata hold no class; the classes lie in a file of their own that the scoring alone reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from engine import files
from engine.images.prepare import prepare
from engine.project import ColumnSettings, Project, create_project, open_project
from engine.settings import build
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project
from engine.types import Array

FIELD, TILE = 230, 115  # pixels of a BreakHis image that a field is wide, and of a tile: half and native resolution
SHIFT = 12  # spots that one section may be off another


def coil20(data: Path, work: Path) -> Project:
    """Objects on a turntable: 72 frames of each of 20, 5 degrees apart."""
    frame = _read(data / "coil20")
    return _project(work / "coil20", data / "coil20", frame, ["sequence", "time"])


def her2st(data: Path, work: Path) -> Project:
    """Spots of four sections of two breast tumours; three sections lie over each other, once they are shifted."""
    frame = _read(data / "her2st")
    places = frame[["x", "y", "section_order"]].astype(int)
    frame[["laid_x", "laid_y"]] = places[["x", "y"]]
    for _, rows in frame.groupby("patient").groups.items():
        frame.loc[rows, ["laid_x", "laid_y"]] = laid_over(places.loc[rows].to_numpy())
    columns = ["patient", "slide", "section_order", "x", "y", "laid_x", "laid_y"]
    return _project(work / "her2st", data / "her2st", frame, columns)


def crc_cells(data: Path, work: Path) -> Project:
    """Cells of the colon, about half of them with a known class, of 48 patients."""
    return _project(work / "crc_cells", data / "crc_cells", _read(data / "crc_cells"), ["patient"])


def breakhis(data: Path, work: Path) -> Project:
    """Up to six fields of each BreakHis image, each as two tiles: whole at half resolution, its middle at native."""
    source, tiles = data / "breakhis100x", work / "breakhis-tiles"
    frame = _read(source)
    frame = frame[frame["patient"] != ""]
    if not (tiles / "labels.csv").exists():
        lines = [line for one in frame.to_dict("records") for line in _cut(source / one["path"], tiles, one)]
        files.write_text(tiles / "labels.csv", pd.DataFrame(lines).to_csv(index=False))
    return _project(work / "breakhis", tiles, _read(tiles), ["patient", "field", "magnification"])


def slides(data: Path, work: Path) -> Project:
    """Tiles of two whole-slide images at 20x, 10x and 5x of each field; no classes."""
    root = work / "slides"
    if not (root / "images.parquet").exists():
        config = build(TileConfig, {"size": 64, "magnifications": "20,10,5", "stride": 1.0})
        prepare(tile_project(root, data / "wsi", config)[0])
    return open_project(root)


PROJECTS: Mapping[str, Callable[[Path, Path], Project]] = {
    "coil20": coil20,
    "her2st": her2st,
    "breakhis": breakhis,
    "crc_cells": crc_cells,
    "slides": slides,
}


def laid_over(spots: Array) -> Array:
    """Places [N 2] of spots (x, y, section) [N 3] after each section was shifted to lie over the one before it.

    The shift in whole spots that makes most of them coincide; where several do, the smallest. No class is looked at.
    """
    placed = spots[:, :2].copy()
    sections = np.unique(spots[:, 2])
    for below, above in pairwise(sections):
        under = set(map(tuple, placed[spots[:, 2] == below].tolist()))
        own = placed[spots[:, 2] == above]
        shifts = sorted(product(range(-SHIFT, SHIFT + 1), repeat=2), key=lambda shift: abs(shift[0]) + abs(shift[1]))
        best = max(shifts, key=lambda shift: len(under & set(map(tuple, (own + shift).tolist()))))
        placed[spots[:, 2] == above] += best
    return placed


def _cut(path: Path, tiles: Path, about: dict[str, str]) -> list[dict[str, str]]:
    lines = []
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    for row, column in product(range(image.height // FIELD), range(image.width // FIELD)):
        left, top, field = column * FIELD, row * FIELD, f"{path.stem}_{row}{column}"
        whole = image.crop((left, top, left + FIELD, top + FIELD)).resize((TILE, TILE), Image.Resampling.BOX)
        inset = (FIELD - TILE) // 2
        middle = image.crop((left + inset, top + inset, left + inset + TILE, top + inset + TILE))
        for magnification, tile in (("50", whole), ("100", middle)):
            name = f"images/{magnification}/{field}.png"
            (tiles / name).parent.mkdir(parents=True, exist_ok=True)
            tile.save(tiles / name)
            kept = {key: about[key] for key in ("label", "malignant", "patient")}
            lines.append({"path": name, "field": field, "magnification": magnification, **kept})
    return lines


def _read(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "labels.csv", dtype=str, keep_default_na=False)


def _project(root: Path, source: Path, frame: pd.DataFrame, columns: list[str]) -> Project:
    """The project over a folder of images with these columns, made where it is not there yet."""
    if not (root / "project.json").exists():
        known = root.with_name(f"{root.name}-columns.csv")
        files.write_text(known, frame[["path", *columns]].to_csv(index=False))
        wished = ColumnSettings(csv=str(known.resolve()), reader="none", folders=False)
        create_project(root, source, name=root.name, columns=wished)
    project = open_project(root)
    if not project.table_path.exists():
        prepare(project)
    return project
