"""Discordant answers: those that an image's neighbours contradict, or the labelled images most like it.

The labelled images vote by `matching`, which is no part of the automatic answer and so errs in ways of its own. In the
order of `rows`, 81 of 100 of the first 50 images shown had a wrong answer, where the least certain answers are wrong in
74 and any in 45 (means over four real sets, 2, 5 and 10 labels a class, 5 seeds each). With label spreading in its
place, which is part of the automatic answer, it was 70, in the order of then: both grounds, then largest majority.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.geometry.neighbours import Graph
from engine.propagate.review import LISTENED, disagreement
from engine.propagate.run import Propagation
from engine.types import UNKNOWN, Array, Floats, Indices

SECOND = "matching"  # the classifier that gives the second opinion
GROUNDS = ("neighbours or labels", "neighbours", "nearest labels")  # on which an answer may be called discordant


@dataclass(frozen=True, eq=False)
class Discordance:
    """What speaks against every answer, in the order of the embedding."""

    answer: Propagation
    around: Indices  # [N] commonest class among the nearest neighbours, by label or else by answer; UNKNOWN without any
    share: Floats  # [N] share of those neighbours that are of this class, in [0, 1]
    alone: Floats  # [N] share of the nearest neighbours that are of another class than the answer, in [0, 1]
    elsewhere: Indices  # [N] class by the second opinion, UNKNOWN where it has none
    open: Array  # bool [N] an answer, and no label by hand

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        asked, against = int(self.open.sum()), int((self.by_neighbours | self.by_labels).sum())
        if not against:
            return (
                f"None of {asked:,} answers is contradicted by its neighbours or by the labelled images most like it."
            )
        verb = "is" if against == 1 else "are"
        return f"{against:,} of {asked:,} answers {verb} contradicted; those that fewest neighbours share come first."

    @property
    def by_neighbours(self) -> Array:
        """Whether most neighbours are of another class than the answer [N]."""
        against: Array = (
            self.open & (self.around != UNKNOWN) & (self.around != self.answer.predicted) & (self.share > 0.5)
        )
        return against

    @property
    def by_labels(self) -> Array:
        """Whether the labelled images most like it have another class than the answer [N]."""
        against: Array = self.open & (self.elsewhere != UNKNOWN) & (self.elsewhere != self.answer.predicted)
        return against

    def rows(self, grounds: str, place: int | None = None) -> Indices:
        """Rows of the discordant images, those whose answer fewest of their neighbours share first.

        Args:
            grounds: one of GROUNDS.
            place: of the answer's class in its classes; None for all.
        """
        either = self.by_neighbours | self.by_labels
        chosen = {"neighbours": self.by_neighbours, "nearest labels": self.by_labels}.get(grounds, either)
        rows = np.flatnonzero(chosen if place is None else chosen & (self.answer.predicted == place))
        order: Indices = rows[np.lexsort((self.answer.margin[rows], -self.alone[rows]))]
        return order

    def sentences(self, rows: Indices) -> list[str]:
        """What speaks against each of these answers [M], in a few words, the other class first."""
        names = [one.name for one in self.answer.classes]
        neighbours, labelled = self.by_neighbours, self.by_labels
        said = []
        for row in rows:
            around, elsewhere = f"{names[self.around[row]]}: {self.share[row]:.0%}", names[self.elsewhere[row]]
            if not labelled[row]:
                said.append(f"{around} around")
            elif not neighbours[row]:
                said.append(f"{elsewhere}: nearest labels")
            elif self.around[row] == self.elsewhere[row]:
                said.append(f"{around} around, labels")
            else:
                said.append(f"{around}; {elsewhere}: labels")
        return said


def find_discordant(
    answer: Propagation, second: Propagation, hand: Indices, labels: Indices, graph: Graph
) -> Discordance:
    """Hold answers against the neighbours and against a second opinion in the same embedding.

    Args:
        second: of the same labels, by SECOND.
        hand: class by a person's label [N], UNKNOWN elsewhere; those images have been decided.
        labels: class by any label [N], also an accepted one.
    """
    assert len(answer) == len(second), "both answer for the images of one embedding"
    around, share = _around(np.where(labels != UNKNOWN, labels, answer.predicted), graph, len(answer.classes))
    places = {one.id: place for place, one in enumerate(answer.classes)}
    order = np.asarray([*(places.get(one.id, UNKNOWN) for one in second.classes), UNKNOWN], np.int64)
    undecided = (answer.predicted != UNKNOWN) & (hand == UNKNOWN)
    alone = disagreement(answer, labels, graph)
    return Discordance(answer, around, share, alone, order[second.predicted], undecided)


def _around(seen: Indices, graph: Graph, classes: int) -> tuple[Indices, Floats]:
    """The commonest class of the nearest neighbours [N], and the share of the known ones that have it [N]."""
    beside = seen[graph.indices[:, :LISTENED]]
    counts = np.stack([(beside == place).sum(axis=1) for place in range(classes)], axis=1)
    known = counts.sum(axis=1)
    commonest = np.where(known > 0, counts.argmax(axis=1), UNKNOWN)
    share: Floats = (counts.max(axis=1) / np.maximum(known, 1)).astype(np.float32)
    return commonest, share
