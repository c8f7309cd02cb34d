"""What Explore shows: the images, where they lie, what they are labelled, and what the labels say of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard import links, reads
from engine import files
from engine.embeddings import align
from engine.errors import TooFewLabels
from engine.geometry.placement import in_table_order, placed_points
from engine.images.table import ImageTable
from engine.labels.store import LabelClass
from engine.project import Project
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True, eq=False)
class Scene:
    """One embedding's map of a project, everything in the order of the table [N]."""

    project: Project
    table: ImageTable
    embedding: str
    map_name: str
    points_url: str
    classes: list[LabelClass]
    hand: Indices  # [N] class by a person, as a place in `classes`, or UNKNOWN
    labels: Indices  # [N] the same, with what was accepted from a propagation
    predicted: Indices | None  # [N] class by propagation; None while too little is labelled
    confidence: Floats | None  # [N] 0 to 1, NaN where no label reaches

    @property
    def shown(self) -> Indices:
        """The class to show per image [N]: its label, else the answer."""
        return self.labels if self.predicted is None else _first_known(self.labels, self.predicted)


def read_scene(project: Project, embedding: str, map_name: str) -> Scene:
    """Read all of it, as it is now.

    Raises:
        EmbeddingMissing, EmbeddingStale: no such embedding or map, or a map of other vectors.
    """
    table = reads.table(project)
    store = reads.labels(project)
    version = files.fingerprint([placed_points(project, embedding, map_name, table)])
    hand, classes = store.label_codes(list(table.ids))
    labels, _ = store.label_codes(list(table.ids), hand_only=False)
    predicted, confidence = read_answers(project, embedding, table)
    url = links.points_url(project, embedding, map_name, version)
    return Scene(project, table, embedding, map_name, url, classes, hand, labels, predicted, confidence)


def read_answers(project: Project, embedding: str, table: ImageTable) -> tuple[Indices | None, Floats | None]:
    """What the labels say of every image over an embedding: class [N] and how sure it is [N]; None for too few labels.

    Raises:
        EmbeddingMissing, EmbeddingStale: no such embedding, or none that fits the images.
    """
    try:
        answer = reads.propagation(project, embedding)
    except TooFewLabels:
        return None, None
    rows = align(reads.embedding(project, embedding), table)
    predicted: Array = in_table_order(answer.predicted, rows, len(table), UNKNOWN)
    return predicted, in_table_order(answer.confidence, rows, len(table))


def _first_known(labels: Indices, otherwise: Indices) -> Indices:
    known = labels != UNKNOWN
    shown: Indices = np.where(known, labels, otherwise)
    return shown
