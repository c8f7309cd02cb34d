"""Exemplars: the images that show what a class is, to hold others against; the first that people gave it."""

from __future__ import annotations

import pandas as pd

from engine.images.table import ImageTable
from engine.labels.events import HAND
from engine.types import Indices

EXEMPLARS = 6  # of a class


def exemplars(current: pd.DataFrame, table: ImageTable, count: int = EXEMPLARS) -> dict[int, Indices]:
    """Rows of the table by class id, at most `count` each, the longest labelled first; a class without any is left out.

    Args:
        current: the labels as they stand (LabelStore.current).
    """
    by_hand = current[current["how"].isin(HAND) & current["image"].isin(table.ids)]
    first = by_hand.groupby("class_id", sort=False).head(count)
    found: dict[int, Indices] = {}
    for class_id in first["class_id"].unique().tolist():
        found[class_id] = table.rows(list(first.loc[first["class_id"] == class_id, "image"]))
    return found
