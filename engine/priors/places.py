"""Places on slides: who lies near whom, and how far apart next neighbours mostly are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from engine.images.table import ImageTable
from engine.priors.columns import groups_of, numbers_of
from engine.types import UNKNOWN, Array, Indices

PLACE_UNITS = ("tiles", "column", "µm")
ENOUGH = 20_000  # places whose nearest neighbours tell the step


@dataclass(frozen=True)
class Places:
    """Where the images of a table lie."""

    slides: Indices  # [N] the slide of each, UNKNOWN where it or a coordinate is missing
    xy: Array  # [N 2], one unit for both

    def neighbours(self, reach: float) -> tuple[Indices, Indices]:
        """All ordered pairs (left [E], right [E]) of different images within `reach` on one slide."""
        found = [np.zeros((0, 2), np.int64)]
        for rows in self.by_slide():
            pairs = cKDTree(self.xy[rows]).query_pairs(reach * (1 + 1e-9), output_type="ndarray")
            found.append(rows[pairs])
        both = np.concatenate(found)
        return np.concatenate([both[:, 0], both[:, 1]]), np.concatenate([both[:, 1], both[:, 0]])

    def by_slide(self) -> list[Indices]:
        """The images of each slide."""
        order = np.argsort(self.slides, kind="stable")
        order = order[np.count_nonzero(self.slides == UNKNOWN) :]
        cuts = np.flatnonzero(np.diff(self.slides[order])) + 1
        return [rows for rows in np.split(order, cuts) if len(rows)]


def places_of(table: ImageTable, slide: str, x: str, y: str, mpp: str = "") -> Places:
    """Where each image lies, in µm where a column with µm per pixel is named.

    Raises:
        ColumnMissing: the table lacks one of the columns.
        ColumnUnusable: a coordinate holds text.
    """
    xy = np.stack([numbers_of(table, x), numbers_of(table, y)], axis=1)
    if mpp:
        xy = xy * numbers_of(table, mpp)[:, None]
    return Places(np.where(np.isnan(xy).any(axis=1), UNKNOWN, groups_of(table, slide)), xy)


def step_of(places: Places, layers: Array | None = None) -> float:
    """How far next neighbours mostly are apart: the median distance to the nearest image at another place.

    Args:
        places: of all images.
        layers: [N] sections that lie over each other, compared within themselves; None where there are none.

    Returns:
        A distance in the unit of the places; 1 where no slide has two places.
    """
    distances = []
    for rows in places.by_slide():
        for layer in [None] if layers is None else np.unique(layers[rows]):
            own = rows if layer is None or layers is None else rows[layers[rows] == layer]
            spots = np.unique(places.xy[own], axis=0)
            if len(spots) > 1:
                distances.append(np.asarray(cKDTree(spots).query(spots[:ENOUGH], k=[2])[0])[:, 0])
    return float(np.median(np.concatenate(distances))) if distances else 1.0
