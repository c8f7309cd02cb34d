"""CoreSet: the image farthest from all labelled and chosen ones, again and again.

Sener and Savarese, ICLR 2018, https://arxiv.org/abs/1708.00489, algorithm 1 (k-centre greedy). Differs: distances are
between 64 principal components of the embedding, at length 1, in place of a trained network's last layer; with nothing
labelled the first image is the one in the densest place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.geometry.distances import distance_to_nearest
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.batch import farthest_first


@dataclass(frozen=True)
class CoreSetConfig:
    """CoreSet can be told nothing."""


@STRATEGIES.register("coreset")
class CoreSet:
    """CoreSet: the image farthest from all labelled and chosen ones, again and again (k-centre greedy).

    Sener and Savarese, ICLR 2018, https://arxiv.org/abs/1708.00489. Leaves no corner out, odd images included: for many
    labels rather than few.
    """

    name: ClassVar[str]
    Config = CoreSetConfig

    def __init__(self, config: CoreSetConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        nearest = distance_to_nearest(situation.points, situation.points[situation.labelled])
        worth = None if len(situation.labelled) else situation.density
        first, _ = farthest_first(situation.points, nearest, situation.open, 1, worth)
        if not first or len(situation.labelled):
            rows, distances = farthest_first(situation.points, nearest, situation.open, count)
        else:
            rest = distance_to_nearest(situation.points, situation.points[first])
            others = situation.open & (np.arange(len(rest)) != first[0])
            rows, distances = farthest_first(situation.points, rest, others, count - 1)
            rows, distances = [*first, *rows], [2.0, *distances]
        return [
            Choice(row, far, _reason(far, place)) for place, (row, far) in enumerate(zip(rows, distances, strict=True))
        ]


def _reason(distance: float, place: int) -> str:
    alike = 1 - min(distance, 2.0) ** 2 / 2  # cosine between vectors at length 1
    others = "labelled or suggested" if place else "labelled"
    return f"farthest from all {others} (likeness {alike:.2f})"
