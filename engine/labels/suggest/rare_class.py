"""Rare class: images unlike everything labelled that are not alone.

A class nobody has met lies far from all labels, and its images lie close to each other; a single odd image has no
neighbours. So: distance to the nearest labelled image × density around the image, one after the other, each chosen one
counting as labelled. Compare He and Carbonell, NIPS 2007, https://papers.nips.cc/paper/3345-nearest-neighbor-based-active-learning-for-rare-category-detection,
who look for changes of density without regard to labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.geometry.distances import distance_to_nearest
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.batch import farthest_first


@dataclass(frozen=True)
class RareClassConfig:
    """The hunt for rare classes can be told nothing."""


@STRATEGIES.register("rare_class")
class RareClass:
    """Rare class: images unlike everything labelled that are not alone: distance to the labelled × density.

    For finding a class that has no label yet. Compare He and Carbonell, NIPS 2007,
    https://papers.nips.cc/paper/3345-nearest-neighbor-based-active-learning-for-rare-category-detection.
    """

    name: ClassVar[str]
    Config = RareClassConfig

    def __init__(self, config: RareClassConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        nearest = distance_to_nearest(situation.points, situation.points[situation.labelled])
        rows, distances = farthest_first(situation.points, nearest, situation.open, count, situation.density)
        return [
            Choice(row, float(min(far, 2.0) * situation.density[row]), _reason(situation, row, far))
            for row, far in zip(rows, distances, strict=True)
        ]


def _reason(situation: Situation, row: int, distance: float) -> str:
    likeness = 1 - min(distance, 2.0) ** 2 / 2  # cosine with the nearest labelled or chosen image
    closer = int((situation.graph.similarities[row] > likeness).sum())
    if not np.isfinite(distance):
        return "the densest place; nothing is labelled"
    more = "or more " if closer == situation.graph.indices.shape[1] else ""
    return f"unlike all labelled, with {closer} {more}of its kind"
