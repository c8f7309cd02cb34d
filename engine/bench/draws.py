"""Which images carry a label in a bench, and which are scored: drawn once, the same for every row.

A draw takes n images of each class at random; a class that has fewer gives all but one, so that something is left to be
scored. The draws of one seed are nested: its 5 labels are the first 5 of its 10. Every row of a bench sees the same
draws, so rows can be compared draw by draw. (A person cannot draw by class; labels drawn from all images at once score
some points less. Here the question is which features are better, and a lucky class should not decide it.)

Folds “all”: labels from all images, scores on all others. Folds “disjoint”: labels from one random half of the groups,
scores on the other half only, so that no patient answers for itself; an image without a group is a group of its own. A
class that the first half does not have is not scored in the other: no feature could name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import UNKNOWN, Array, Indices

ALL, DISJOINT = "all", "disjoint"


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw of labels."""

    folds: str  # all or disjoint
    labels: int  # wanted of each class
    seed: int
    support: Indices  # rows that carry their label
    scored: Indices  # rows that are answered and compared


def draws(truth: Indices, owners: Indices | None, labels: Sequence[int], seeds: Sequence[int]) -> Iterator[Draw]:
    """All draws of a bench.

    Args:
        truth: class per image [N], UNKNOWN where nothing is known of it: such an image is neither drawn nor scored.
        owners: group per image [N], 0 … G-1; None for folds “all” alone.
        labels: numbers of labels of each class.
        seeds: of the draws, one each of every number of labels.
    """
    for seed in seeds:
        everything = truth != UNKNOWN
        yield from _of_one_seed(truth, everything, everything, labels, ALL, seed)
        if owners is not None:
            rng = np.random.default_rng([seed, 1])
            names = rng.permutation(np.unique(owners[everything]))
            source = np.isin(owners, names[: len(names) // 2])
            shown = np.isin(truth, truth[everything & source])
            yield from _of_one_seed(truth, everything & source, everything & ~source & shown, labels, DISJOINT, seed)


def owners_of(groups: Indices) -> Indices:
    """A group 0 … G-1 for each image [N]; an image that belongs to none (UNKNOWN) is its own."""
    alone = np.where(groups == UNKNOWN, groups.max(initial=0) + 1 + np.arange(len(groups)), groups)
    owners: Indices = np.unique(alone, return_inverse=True)[1].astype(np.int64)
    return owners


def _of_one_seed(
    truth: Indices, source: Array, target: Array, labels: Sequence[int], folds: str, seed: int
) -> Iterator[Draw]:
    rng = np.random.default_rng([seed, 0])
    order = rng.permutation(len(truth))
    of_class = [order[source[order] & (truth[order] == code)] for code in range(int(truth.max()) + 1)]
    for count in labels:
        support = np.concatenate([rows[: min(count, _most(rows, folds))] for rows in of_class])
        scored = np.flatnonzero(target & ~np.isin(np.arange(len(truth)), support))
        yield Draw(folds, count, seed, support, scored)


def _most(rows: Indices, folds: str) -> int:
    return len(rows) - 1 if folds == ALL and len(rows) > 1 else len(rows)
