"""Discordant answers: those that an image's neighbours contradict, or another way of asking the same labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.geometry.neighbours import Graph
from engine.propagate.review import LISTENED
from engine.propagate.run import Propagation
from engine.types import UNKNOWN, Array, Floats, Indices

GROUNDS = ("neighbours or method", "neighbours", "other method")  # on which an answer may be called discordant


@dataclass(frozen=True, eq=False)
class Discordance:
    """What speaks against every answer, in the order of the embedding."""

    answer: Propagation
    other: Propagation  # of the same labels, by another method
    around: Indices  # [N] commonest class among the nearest neighbours, by label or else by answer; UNKNOWN without any
    share: Floats  # [N] share of those neighbours that are of this class, in [0, 1]
    elsewhere: Indices  # [N] class by the other method, UNKNOWN where it has none
    open: Array  # bool [N] an answer, and no label by hand

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        asked, against = int(self.open.sum()), int((self.by_neighbours | self.by_method).sum())
        if not against:
            return f"None of {asked:,} answers is contradicted by its neighbours or by another method."
        verb = "is" if against == 1 else "are"
        return (
            f"{against:,} of {asked:,} answers {verb} contradicted; those by neighbours and another method come first."
        )

    @property
    def by_neighbours(self) -> Array:
        """Whether most neighbours are of another class than the answer [N]."""
        against: Array = (
            self.open & (self.around != UNKNOWN) & (self.around != self.answer.predicted) & (self.share > 0.5)
        )
        return against

    @property
    def by_method(self) -> Array:
        """Whether the other method answers with another class [N]."""
        against: Array = self.open & (self.elsewhere != UNKNOWN) & (self.elsewhere != self.answer.predicted)
        return against

    def rows(self, grounds: str, place: int | None = None) -> Indices:
        """Rows of the discordant images, those contradicted on both grounds and by most neighbours first.

        Args:
            grounds: one of GROUNDS.
            place: of the answer's class in its classes; None for all.
        """
        neighbours, method = self.by_neighbours, self.by_method
        chosen = {"neighbours": neighbours, "other method": method}.get(grounds, neighbours | method)
        rows = np.flatnonzero(chosen if place is None else chosen & (self.answer.predicted == place))
        against = neighbours[rows].astype(np.int64) + method[rows]
        order: Indices = rows[np.lexsort((self.answer.margin[rows], -self.share[rows] * neighbours[rows], -against))]
        return order

    def sentences(self, rows: Indices) -> list[str]:
        """What speaks against each of these answers [M], in a few words, the other class first."""
        names = [one.name for one in self.answer.classes]
        neighbours, method = self.by_neighbours, self.by_method
        said = []
        for row in rows:
            around, elsewhere = f"{names[self.around[row]]}: {self.share[row]:.0%}", names[self.elsewhere[row]]
            if not method[row]:
                said.append(f"{around} around")
            elif not neighbours[row]:
                said.append(f"{elsewhere}: other method")
            elif self.around[row] == self.elsewhere[row]:
                said.append(f"{around} and method")
            else:
                said.append(f"{around}; {elsewhere}: method")
        return said


def find_discordant(
    answer: Propagation, other: Propagation, hand: Indices, labels: Indices, graph: Graph
) -> Discordance:
    """Hold answers against the neighbours and against those of another method over the same embedding.

    Args:
        hand: class by a person's label [N], UNKNOWN elsewhere; those images have been decided.
        labels: class by any label [N], also an accepted one.
    """
    assert len(answer) == len(other), "both answer for the images of one embedding"
    around, share = _around(np.where(labels != UNKNOWN, labels, answer.predicted), graph, len(answer.classes))
    places = {one.id: place for place, one in enumerate(answer.classes)}
    order = np.asarray([*(places.get(one.id, UNKNOWN) for one in other.classes), UNKNOWN], np.int64)
    undecided = (answer.predicted != UNKNOWN) & (hand == UNKNOWN)
    return Discordance(answer, other, around, share, order[other.predicted], undecided)


def _around(seen: Indices, graph: Graph, classes: int) -> tuple[Indices, Floats]:
    """The commonest class of the nearest neighbours [N], and the share of the known ones that have it [N]."""
    beside = seen[graph.indices[:, :LISTENED]]
    counts = np.stack([(beside == place).sum(axis=1) for place in range(classes)], axis=1)
    known = counts.sum(axis=1)
    commonest = np.where(known > 0, counts.argmax(axis=1), UNKNOWN)
    share: Floats = (counts.max(axis=1) / np.maximum(known, 1)).astype(np.float32)
    return commonest, share
