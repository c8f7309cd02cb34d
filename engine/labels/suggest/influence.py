"""Influence: the doubtful images whose label would reach most other doubt when labels spread over the graph.

In the spirit of Zhu, Lafferty and Ghahramani, ICML 2003 workshop, https://pages.cs.wisc.edu/~jerryzhu/pub/zglactive.pdf,
who ask which label would lower the expected error of all answers. What a label at image i adds to the answer of image j
is entry ji of K = (1 - α) (I - αS)⁻¹ (see propagate/spread.py), so the doubt within its reach is (K u)ᵢ for doubts u:
one system for all candidates. Score = own doubt × doubt within reach. Differs: the change of every answer is not
computed for every possible label, which would take a system a candidate; no image of a batch is a neighbour of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.batch import apart
from engine.labels.suggest.doubt import before_answers, between, ranking
from engine.propagate.solve import conjugate_gradients, symmetric_normal
from engine.settings import setting
from engine.types import Floats

CLOSE = 1e-3  # residual: a ranking needs no more
DOUBTFUL = 0.5  # margin below which a neighbour counts as in doubt


@dataclass(frozen=True)
class InfluenceConfig:
    """What influence can be told."""

    alpha: float = setting(
        0.9, "share that an image takes from its neighbours", minimum=0.01, maximum=0.999, symbol="α"
    )


@STRATEGIES.register("influence")
class Influence:
    """Influence: the doubtful images whose label would reach most other doubt when labels spread over the graph.

    After Zhu et al., ICML 2003, https://pages.cs.wisc.edu/~jerryzhu/pub/zglactive.pdf. One label that settles many.
    """

    name: ClassVar[str]
    Config = InfluenceConfig

    def __init__(self, config: InfluenceConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        if not situation.answerable:
            return before_answers(situation, count, rng)
        doubt = 1 - situation.margin
        score = doubt * within_reach(situation.task.affinity, doubt, self.config.alpha)
        rows = apart(ranking(situation, score), situation.graph, count)
        return [Choice(row, float(score[row]), _reason(situation, row)) for row in rows]


def within_reach(affinity: csr_array, doubt: Floats, alpha: float) -> Floats:
    """(1 - α) (I - αS)⁻¹ u [N]: how much doubt lies where a label at each image would reach."""
    reached, _ = conjugate_gradients(symmetric_normal(affinity), doubt[:, None], alpha, tolerance=CLOSE)
    within: Floats = np.maximum(reached[:, 0], 0)
    return within


def _reason(situation: Situation, row: int) -> str:
    around = situation.graph.indices[row]
    doubtful = int((situation.margin[around] < DOUBTFUL).sum())
    if doubtful == 0:
        return between(situation, row)
    return f"{between(situation, row)}; in doubt as {doubtful} of its {len(around)} nearest"
