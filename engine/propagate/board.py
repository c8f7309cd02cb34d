"""The review board: where every image stands (labelled, accepted, sure, in doubt, unknown), by class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import SettingInvalid
from engine.geometry.neighbours import Graph
from engine.propagate.review import review_order
from engine.propagate.run import Propagation
from engine.types import UNKNOWN, Array, Indices

STATES = ("to review", "accepted", "by hand")  # what the gallery can show


@dataclass(frozen=True)
class Standing:
    """Images of one class, or of all together."""

    hand: int  # labelled by a person
    accepted: int  # pseudo-labels that were taken over
    above: int  # without a label, the answer's probability at least the threshold
    below: int  # without a label, the answer less certain

    @property
    def total(self) -> int:
        return self.hand + self.accepted + self.above + self.below


@dataclass(frozen=True, eq=False)
class Board:
    """A propagation beside the labels as they stand, image by image, in the order of the embedding."""

    propagation: Propagation
    hand: Indices  # [N] class by a person's label, UNKNOWN elsewhere
    labels: Indices  # [N] class by any label, also an accepted one

    def standing(self, threshold: float) -> list[Standing]:
        """How the images of each class stand [L]."""
        sure = self.propagation.confidence >= threshold
        predicted = np.where(self.labels == UNKNOWN, self.propagation.predicted, UNKNOWN)
        accepted = np.where(self.hand == UNKNOWN, self.labels, UNKNOWN)
        codes = (self.hand, accepted, np.where(sure, predicted, UNKNOWN), np.where(sure, UNKNOWN, predicted))
        columns = [self._count(code) for code in codes]
        return [Standing(*map(int, row)) for row in np.stack(columns, axis=1)]

    def all_together(self, threshold: float) -> Standing:
        """How the images of all classes stand."""
        each = self.standing(threshold)
        return Standing(*(sum(getattr(one, name) for one in each) for name in ("hand", "accepted", "above", "below")))

    def unknown(self) -> Indices:
        """Rows of the images that no label reaches."""
        return np.flatnonzero((self.labels == UNKNOWN) & (self.propagation.predicted == UNKNOWN))

    def rows(self, state: str, place: int | None, graph: Graph, by: str) -> Indices:
        """Rows to show, those to look at first in front.

        Args:
            state: one of STATES.
            place: of the class in the propagation's classes; None for all.
            by: the order of those to review (review.ORDERS); labelled images stand in the order of the table.

        Raises:
            SettingInvalid: another state or order.
        """
        if state not in STATES:
            raise SettingInvalid(f"The board shows images {', '.join(STATES)}; “{state}” is none of them.")
        if state == "to review":
            rows = review_order(self.propagation, self.labels, graph, by)
            return rows if place is None else rows[self.propagation.predicted[rows] == place]
        code = self.hand if state == "by hand" else np.where(self.hand == UNKNOWN, self.labels, UNKNOWN)
        return np.flatnonzero(code != UNKNOWN if place is None else code == place)

    def shown(self, rows: Indices) -> Indices:
        """The class to show with these rows [M]: the label, else the answer."""
        labelled = self.labels[rows]
        return np.where(labelled != UNKNOWN, labelled, self.propagation.predicted[rows])

    def _count(self, code: Array) -> Indices:
        return np.bincount(code[code != UNKNOWN], minlength=len(self.propagation.classes)).astype(np.int64)
