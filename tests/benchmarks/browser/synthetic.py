"""Projects of any size with a known truth, made by the product's own code: pictures, table, thumbnails, labels and all.

Images are small squares in the shades of their class, each with a pattern of its own, so that no two are copies.
Vectors have 64 features: classes, each of several clouds, lie on a circle in the first two and overlap a little at
their edges. Labels: a few hundred by hand, and a tenth of the images accepted, as in a project half done.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from engine import files
from engine.embeddings import save_embedding
from engine.geometry.atlas import make_map
from engine.geometry.neighbours import build_neighbours
from engine.images.prepare import prepare
from engine.images.table import ImageTable, read_table
from engine.labels.store import LabelStore
from engine.project import ColumnSettings, Project, create_project, open_project
from engine.types import Floats, Indices, Pixels

CLASSES = ("adipose", "debris", "gland", "lymphocytes", "mucosa", "mucus", "muscle", "stroma")
COLOURS = np.asarray(list(np.ndindex(2, 2, 2)), np.float32) * 120 + 60  # of each class [8 3]
CLOUDS = 5  # of each class
FEATURES = 64
SIDE = 32  # pixels
PATIENTS = 40
BY_HAND, AT_ONCE = 40, 8  # labels of each class, and of one act
EMBEDDING, MAP = "clouds", "pca"
SEED = 0


@dataclass(frozen=True)
class Material:
    """A project and what it does not know."""

    project: Project
    table: ImageTable
    truth: Indices  # [N] class of each image, as a place in CLASSES


def material(cache: Path, count: int) -> Material:
    """The project of so many images in the cache folder, made if it is not there yet."""
    folder = cache / f"images-{count}"
    made = folder / "made.json"
    if not made.exists():
        _make(folder, count)
        files.write_json(made, {"images": count, "seed": SEED})  # last: what is not whole is made anew
    project = open_project(folder / "project")
    table = read_table(project)
    return Material(project, table, _truth(table))


def classes_of(count: int) -> Indices:
    """The class of each picture, in the order in which they are drawn."""
    return np.random.default_rng(SEED).integers(0, len(CLASSES), count)


def draw(folder: Path, truth: Indices) -> None:
    """Write the pictures, those of one patient in one folder; a file's name holds its number."""
    rng = np.random.default_rng([SEED, 1])
    with ThreadPoolExecutor(2) as pool:
        for first in range(0, len(truth), 2000):
            part = truth[first : first + 2000]
            shades = COLOURS[part, None, None] + rng.normal(scale=25, size=(len(part), SIDE // 4, SIDE // 4, 3))
            pixels = np.clip(shades, 0, 255).astype(np.uint8)
            places = [folder / _patient(number) / f"tile_{number:06}.png" for number in range(first, first + len(part))]
            for patient in {place.parent for place in places}:
                patient.mkdir(parents=True, exist_ok=True)
            list(pool.map(_write, places, pixels))


def vectors_of(truth: Indices) -> Floats:
    """Vectors [N FEATURES] of pictures with these classes."""
    rng = np.random.default_rng([SEED, 2])
    angles = np.arange(len(CLASSES)) / len(CLASSES) * 2 * np.pi
    middle = np.zeros((len(CLASSES), CLOUDS, FEATURES))
    middle[..., :2] = 9 * np.stack([np.cos(angles), np.sin(angles)], axis=1)[:, None]
    middle += rng.normal(scale=0.9, size=middle.shape)
    cloud = rng.integers(0, CLOUDS, len(truth))
    return (middle[truth, cloud] + rng.normal(scale=1.0, size=(len(truth), FEATURES))).astype(np.float32)


def embed(project: Project, table: ImageTable, truth: Indices) -> None:
    """The embedding of the project's images with its neighbours and its map."""
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00"}
    save_embedding(project, EMBEDDING, vectors_of(truth), list(table.ids), about)
    build_neighbours(project, EMBEDDING)
    make_map(project, EMBEDDING, MAP)


def label(project: Project, table: ImageTable, truth: Indices) -> None:
    """A few hundred labels by hand and a tenth of the images accepted, as one afternoon leaves them."""
    store, rng = LabelStore(project), np.random.default_rng([SEED, 3])
    ids = [store.add_class(name, "ann").id for name in CLASSES]
    order = rng.permutation(len(table))
    by_class = [order[truth[order] == code] for code in range(len(CLASSES))]
    for code, start in np.ndindex(len(CLASSES), BY_HAND // AT_ONCE):
        rows = by_class[code][start * AT_ONCE : (start + 1) * AT_ONCE]
        store.label(list(table.ids[rows]), ids[code], "ann", "grid")
    accepted = np.concatenate([rows[BY_HAND : BY_HAND + len(rows) // 10] for rows in by_class])
    classes = [ids[code] for code in truth[accepted]]
    store.accept(list(table.ids[accepted]), classes, np.full(len(accepted), 0.97), "spread-0", "ann")


def _make(folder: Path, count: int) -> None:
    truth = classes_of(count)
    draw(folder / "images", truth)
    settings = ColumnSettings(pattern="{patient}/tile_{number}", folders=False)
    project = create_project(folder / "project", folder / "images", name=f"{count:,} images", columns=settings)
    prepare(project)
    table = read_table(project)
    truth = _truth(table)
    embed(project, table, truth)
    label(project, table, truth)


def _truth(table: ImageTable) -> Indices:
    numbers = pd.Series(table.paths).str[-10:-4].astype(int).to_numpy()
    return classes_of(len(table))[numbers]


def _patient(number: int) -> str:
    return f"patient_{number * 7919 % PATIENTS:02}"


def _write(path: Path, pixels: Pixels) -> None:
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.NEAREST).save(buffer, "PNG", compress_level=1)
    path.write_bytes(buffer.getvalue())
