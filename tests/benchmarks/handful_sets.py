"""The five real sets of the benchmark of labels: frozen ImageNet features, classes, patients.

Features are made once and kept in a folder given by the caller: efficientnet-lite0 at 128 px, by the product's own
scan, pixel cache and encoder. Fields of BreakHis are cut into tiles first; an image without class takes no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from engine import files
from engine.geometry.neighbours import Graph, find_neighbours
from engine.images.cache import build_cache
from engine.images.scan import scan
from engine.images.table import read_table
from engine.project import create_project
from engine.types import UNKNOWN, Floats, Indices

DATA = Path(__file__).parents[3] / "shared" / "data"
TILE = 230  # pixels: 3 x 2 tiles of a field of BreakHis (700 x 460)
SETS = {  # name: (folder, whether images have a patient)
    "breakhis_tiles": ("breakhis100x", True),
    "crc_cells": ("crc_cells", True),
    "her2st": ("her2st", True),
    "cifar10": ("cifar10", False),
    "omniglot": ("omniglot", False),
}


@dataclass(frozen=True, eq=False)
class Known:
    """The images of a set whose class is known, as the frozen network sees them."""

    name: str
    vectors: Floats  # [N 1280]
    truth: Indices  # [N]
    classes: int
    patients: Indices | None  # [N], UNKNOWN for none

    @cached_property
    def graph(self) -> Graph:
        """Neighbours among all of them."""
        return find_neighbours(self.vectors)


def load_set(name: str, folder: Path) -> Known:
    """One of SETS; its features are read from the folder, or made and written there.

    Raises:
        FileNotFoundError: the real images are not on this machine.
    """
    kept = folder / f"{name}.npz"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(name, folder, kept)
    arrays = files.read_arrays(kept)
    classes, truth = np.unique(arrays["label"].astype(str), return_inverse=True)
    patients = None
    if SETS[name][1]:
        names, codes = np.unique(arrays["patient"].astype(str), return_inverse=True)
        patients = np.where(names[codes] == "", UNKNOWN, codes).astype(np.int64)
    return Known(name, arrays["vectors"], truth.astype(np.int64), len(classes), patients)


def _make(name: str, folder: Path, kept: Path) -> None:
    source = DATA / SETS[name][0]
    listed = pd.read_csv(source / "labels.csv", dtype=str, keep_default_na=False)
    listed = listed[listed["label"] != ""]
    images = source
    if name == "breakhis_tiles":
        images = folder / "tiles"
        listed = _cut(source, listed, images)
    project = create_project(folder / f"{name}-project", images)
    scan(project)
    table = read_table(project)
    place = {path: row for row, path in enumerate(table.paths)}
    rows = np.array([place[path] for path in listed["path"]])
    patients = listed["patient"] if "patient" in listed else pd.Series([""] * len(listed))
    files.write_arrays(
        kept,
        vectors=_features(project, rows),
        label=listed["label"].to_numpy(str),
        patient=patients.to_numpy(str),
    )


def _features(project: object, rows: Indices) -> Floats:
    import torch  # never beside faiss on macOS; here features are made before any neighbours are searched

    from engine.embed import embed
    from engine.encoders import build_encoder
    from engine.project import Project

    assert isinstance(project, Project)
    encoder = build_encoder("imagenet_lite0", {}, "imagenet")
    cache = build_cache(project, read_table(project), encoder.input_size)
    return embed(encoder, cache, torch.device("cpu"))[rows]


def _cut(source: Path, listed: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Write the tiles of every field, and list them with the class and patient of the field."""
    folder.mkdir(exist_ok=True)
    rows = []
    for row in listed.to_dict("records"):
        with Image.open(source / row["path"]) as field:
            for left in range(0, field.width - TILE + 1, TILE):
                for top in range(0, field.height - TILE + 1, TILE):
                    path = f"{Path(row['path']).stem}-{left}-{top}.png"
                    field.crop((left, top, left + TILE, top + TILE)).save(folder / path)
                    rows.append({**row, "path": path})
    return pd.DataFrame(rows)
