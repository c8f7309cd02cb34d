"""A map's points in the order of the image table, as screens need them."""

from __future__ import annotations

import math

import numpy as np

from engine.embeddings import align, load_embedding
from engine.geometry.atlas import load_map
from engine.images.table import ImageTable
from engine.project import Project
from engine.types import UNKNOWN, Array, Floats, Indices


def placed_points(project: Project, embedding: str, name: str, table: ImageTable) -> Floats:
    """The points [N 2] of the images of a table; NaN where the embedding does not know an image.

    Raises:
        EmbeddingMissing, EmbeddingStale: no such embedding or map, or a map of other vectors.
    """
    points = load_map(project, embedding, name)
    return in_table_order(points, align(load_embedding(project, embedding), table), len(table))


def in_table_order(values: Array, rows: Indices, count: int, missing: float = math.nan) -> Array:
    """Values of an embedding's images as values of a table's.

    Args:
        values: [M …], one per vector of the embedding.
        rows: row of the table per vector [M], UNKNOWN where it has none (embeddings.align).
        count: images in the table, N.
        missing: what stands where no vector belongs to the row.

    Returns:
        [N …], of the same type.
    """
    placed = np.full((count, *values.shape[1:]), missing, dtype=values.dtype)
    placed[rows[rows != UNKNOWN]] = values[rows != UNKNOWN]
    return placed


def known_maps(project: Project, embedding: str) -> list[str]:
    """Names of the maps that an embedding has, UMAP first."""
    folder = project.embedding_folder(embedding) / "maps"
    names = sorted(path.parent.name for path in folder.glob("*/about.json"))
    return sorted(names, key=lambda name: name != "umap")
