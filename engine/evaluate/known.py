"""Images whose class is known, by the project's labels or by a truth file, with their vectors. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.embeddings import Embedding, align, load_embedding
from engine.evaluate.truth import read_truth
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True, eq=False)
class Known:
    """Images of one embedding with their classes."""

    vectors: Floats  # [M D]
    codes: Indices  # [M] places in `names`
    names: list[str]  # [L] the classes that occur, in order
    rows: Indices  # [M] rows of the image table
    centre: Floats  # [D] the middle of all vectors, also of images whose class is not known

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def sizes(self) -> Indices:
        """Images of each class [L]."""
        return np.bincount(self.codes, minlength=len(self.names)).astype(np.int64)

    def of_classes(self, names: Collection[str]) -> Known:
        """The images of some classes only, by name; of all where none of them occurs."""
        kept = [place for place, name in enumerate(self.names) if name in names]
        if not kept:
            return self
        chosen = np.flatnonzero(np.isin(self.codes, kept))
        codes = np.searchsorted(kept, self.codes[chosen]).astype(np.int64)
        vectors, rows = self.vectors[chosen], self.rows[chosen]
        return replace(self, vectors=vectors, codes=codes, names=[self.names[one] for one in kept], rows=rows)


def known_by_truth(project: Project, embedding: str, truth: Path, column: str = "label") -> Known:
    """The images whose class a file tells.

    Raises:
        TableUnreadable: the file cannot be read or lacks a column.
        EmbeddingMissing: there is no such embedding.
    """
    source, table = load_embedding(project, embedding), read_table(project)
    rows = align(source, table)
    names = np.where(rows == UNKNOWN, "", read_truth(table, truth, column).names[rows]).astype(str)
    return _known(source, rows, names)


def known_by_labels(project: Project, embedding: str) -> Known:
    """The images that people labelled; accepted pseudo-labels are left out.

    Raises:
        EmbeddingMissing: there is no such embedding.
    """
    source, table = load_embedding(project, embedding), read_table(project)
    rows = align(source, table)
    codes, classes = LabelStore(project).label_codes(source.ids)
    names = np.array([*(one.name for one in classes), ""], dtype=str)[codes]  # UNKNOWN, -1, is the last
    return _known(source, rows, np.where(rows == UNKNOWN, "", names))


def _known(source: Embedding, rows: Indices, names: Array) -> Known:
    """Of the images of an embedding [N] those with a name."""
    there = np.flatnonzero(names != "")
    classes, codes = np.unique(names[there], return_inverse=True)
    vectors = np.asarray(source.vectors)
    centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    return Known(vectors[there], codes.astype(np.int64), classes.tolist(), rows[there], centre)
