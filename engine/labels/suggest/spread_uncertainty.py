"""Doubt, spread out: the most doubtful images in clusters, and of each cluster the one in its middle.

Zhdanov, 2019, https://arxiv.org/abs/1901.05954: of the β · k images with the least margin, k-means with the doubt as
weight finds k clusters; the image nearest to each centre is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.geometry.distances import squared_distances
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.batch import apart
from engine.labels.suggest.doubt import before_answers, between, ranking
from engine.settings import setting


@dataclass(frozen=True)
class SpreadUncertaintyConfig:
    """What doubt, spread out, can be told."""

    candidates: int = setting(
        10, "doubtful images that are looked at for each that is wanted", minimum=2, maximum=100, symbol="β"
    )


@STRATEGIES.register("spread_uncertainty")
class SpreadUncertainty:
    """Doubt, spread out: the most doubtful images in clusters, and of each cluster the one in its middle.

    Zhdanov, 2019, https://arxiv.org/abs/1901.05954. Doubtful images, but of many kinds.
    """

    name: ClassVar[str]
    Config = SpreadUncertaintyConfig

    def __init__(self, config: SpreadUncertaintyConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        if not situation.answerable:
            return before_answers(situation, count, rng)
        from sklearn.cluster import KMeans  # half a second to import

        doubt = 1 - situation.margin
        rows = ranking(situation, doubt)[: self.config.candidates * count]
        if len(rows) <= count:
            return [Choice(int(row), float(doubt[row]), between(situation, int(row))) for row in rows]
        points = situation.points[rows]
        clusters = min(count, len(np.unique(points, axis=0)))
        means = KMeans(clusters, n_init=3, max_iter=50, random_state=int(rng.integers(2**31)))
        cluster = means.fit_predict(points, sample_weight=doubt[rows] + 1e-6)
        far = squared_distances(points, means.cluster_centers_.astype(np.float32))
        middles = {int(far[:, one].argmin()) for one in np.unique(cluster)}
        chosen = sorted(middles, key=lambda place: -doubt[rows[place]])
        rest = np.delete(rows, chosen)
        filled = [
            *rows[chosen].tolist(),
            *apart(rest, situation.graph, count - len(chosen)),
        ]  # duplicates share a middle
        alike = dict(zip(rows[chosen].tolist(), np.bincount(cluster)[cluster[chosen]].tolist(), strict=True))
        return [
            Choice(row, float(doubt[row]), f"{between(situation, row)}, as are {alike[row] - 1:,} like it")
            if alike.get(row, 1) > 1
            else Choice(row, float(doubt[row]), between(situation, row))
            for row in filled
        ]
