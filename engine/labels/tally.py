"""Tally: how far the labelling has come, in counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engine.labels.store import HAND, LabelStore


@dataclass(frozen=True)
class ClassTally:
    """One class and how many images a person gave to it."""

    name: str
    colour: str  # as “#rrggbb”
    count: int
    fullness: float  # count over that of the fullest class, in [0, 1]


@dataclass(frozen=True)
class Tally:
    """What stands in the label log now."""

    labelled: int  # images labelled by a person
    accepted: int  # images whose pseudo-label was accepted
    per_class: list[ClassTally]  # every class, also the empty ones, in the order they were added


def tally(store: LabelStore) -> Tally:
    """Count the labels by who gave them and by class."""
    current = store.current()
    by_hand = current["how"].isin(HAND)
    counts = Counter(current.loc[by_hand, "class_id"].tolist())
    fullest = max(counts.values(), default=1)
    per_class = [ClassTally(one.name, one.colour, counts[one.id], counts[one.id] / fullest) for one in store.classes()]
    return Tally(int(by_hand.sum()), int((~by_hand).sum()), per_class)
