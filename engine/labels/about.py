"""What is known of one image: its label with who gave it, how and when; the images most like it with theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.embeddings import Embedding, align
from engine.geometry.neighbours import Graph, nearest
from engine.images.table import ImageTable
from engine.labels.events import ACCEPTED
from engine.types import UNKNOWN

ALIKE = 12  # images named as most alike


@dataclass(frozen=True)
class Given:
    """The label of an image as it stands."""

    class_id: int
    how: str  # events.HAND or ACCEPTED
    who: str
    when: str  # ISO 8601, UTC
    percent: int | None  # probability of an accepted answer when it was taken, in whole percent, rounded down


@dataclass(frozen=True)
class Neighbour:
    """An image like another."""

    row: int  # of the table
    alike: float  # cosine of the centred vectors, in [-1, 1]
    class_id: int | None  # of its label; None where it has none


def given(current: pd.DataFrame, image: str) -> Given | None:
    """The label of an image in the labels as they stand (LabelStore.current); None where it has none."""
    found = current[current["image"].to_numpy() == image]
    if found.empty:
        return None
    one = found.iloc[0]
    percent = int(one["probability"] * 100) if one["how"] == ACCEPTED else None
    return Given(int(one["class_id"]), str(one["how"]), str(one["who"]), str(one["when"]), percent)


def most_alike(
    graph: Graph, embedding: Embedding, table: ImageTable, row: int, current: pd.DataFrame, count: int = ALIKE
) -> list[Neighbour]:
    """The images most like that in a row of the table, nearest first; none where the embedding does not know it.

    Args:
        current: the labels as they stand (LabelStore.current).
    """
    rows = align(embedding, table)
    places = np.flatnonzero(rows == row)
    if not len(places):
        return []
    near, similarity = nearest(graph, int(places[0]), count)
    classes = dict(zip(current["image"], current["class_id"].tolist(), strict=True))
    return [
        Neighbour(int(other), round(float(alike), 4), classes.get(table.ids[other]))
        for other, alike in zip(rows[near], similarity, strict=True)
        if other != UNKNOWN
    ]
