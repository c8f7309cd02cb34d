"""Leave-one-out: which labels are hidden while one of them is judged, alone or with its whole group.

An image whose class would have no label left cannot be judged: its class would be unknown. Where there are many labels
a sample of them is judged, as many of each class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.types import UNKNOWN, Array, Floats, Indices

MOST = 40  # labels that are judged; more make the estimate little surer
FITTED, FEWEST = 4_000, 16  # labels in all the fits that leave a group out, and judged ones at the least
TOGETHER = 0.05  # share of the labels that may be hidden at once, where that spares fits; of few, each is hidden alone


@dataclass(frozen=True, eq=False)
class Trials:
    """Labels to be judged, each by the labels that are left."""

    judged: Indices  # places in the support [E]
    fold: Indices  # which of the hidings each is judged under [E]
    hidden: Array  # bool [F S], what each hides; all that are judged under it among them

    def __len__(self) -> int:
        return len(self.judged)


def left_out(codes: Indices, groups: Indices | None = None, most: int = MOST) -> Trials:
    """The trials of a support set.

    Args:
        codes: class of each label [S].
        groups: group of each [S], UNKNOWN for none: hidden together, since images of a patient are alike; None where
            each stands alone.
        most: labels that are judged.
    """
    own = np.eye(len(codes), dtype=bool)
    if groups is not None:
        own |= (groups[:, None] == groups) & (groups != UNKNOWN)
        most = min(most, max(FEWEST, FITTED // len(codes)))
    same = codes[:, None] == codes
    judged = _some_of_each(np.flatnonzero((same & ~own).any(axis=1)), codes, most)
    if groups is not None and len(judged):  # one group at a time: several together may be most of the labels
        hidden, fold = np.unique(own[judged], axis=0, return_inverse=True)
        return Trials(judged, fold.reshape(-1), hidden)
    folds = max(min(len(judged), 2), int(np.ceil(len(judged) / max(1, TOGETHER * len(codes)))))
    fold = np.arange(len(judged)) % max(folds, 1)  # one class follows the other: a fold holds few of each
    hidden = np.stack([own[judged[fold == one]].any(axis=0) for one in range(folds)]) if folds else own[:0]
    left = (same[judged] & ~hidden[fold]).any(axis=1)
    return Trials(judged[left], fold[left], hidden)


def even_weights(codes: Indices) -> Floats:
    """A weight for each label [S], mean 1, such that classes weigh the same."""
    counts = np.bincount(codes)
    weights: Floats = (len(codes) / (np.count_nonzero(counts) * counts[codes])).astype(np.float32)
    return weights


def log_loss(probabilities: Floats, codes: Indices) -> float:
    """Mean over classes of the mean -ln p of the true class; probabilities [E L], codes [E]."""
    true = np.maximum(probabilities[np.arange(len(codes)), codes], 1e-6)
    return float(np.average(-np.log(true), weights=even_weights(codes)))


def balanced_accuracy(probabilities: Floats, codes: Indices) -> float:
    """Mean over classes of the share named right."""
    return float(np.average(probabilities.argmax(axis=1) == codes, weights=even_weights(codes)))


def _some_of_each(places: Indices, codes: Indices, most: int) -> Indices:
    """At most so many places, class by class, as many of each class as can be; drawn, the same every time."""
    places = np.random.default_rng(0).permutation(places)
    turn = np.zeros(len(places), np.int64)  # the how-manieth of its class
    for one in np.unique(codes[places]):
        members = codes[places] == one
        turn[members] = np.arange(members.sum())
    chosen = places[np.argsort(turn, kind="stable")[:most]]
    return chosen[np.lexsort((chosen, codes[chosen]))]
