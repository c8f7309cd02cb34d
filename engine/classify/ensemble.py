"""Ensemble: half logistic regression with even classes, half label spreading.

With frozen features spreading wins where classes are alike in number and loses up to 20 points where they are not; the
two together lost to neither on seven real sets. Images that no label reaches over the graph go by logistic regression
alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.base import CLASSIFIERS, Answer, Task
from engine.classify.logistic import Logistic, LogisticConfig
from engine.propagate.spread import SpreadConfig, spread
from engine.settings import setting
from engine.types import Floats

TOLERANCE = 1e-3  # of spreading: far finer than the two halves differ


@dataclass(frozen=True)
class EnsembleConfig:
    """What the ensemble can be told."""

    spreading: float = setting(0.5, "share of label spreading; the rest is logistic", minimum=0, maximum=1)
    alpha: float = setting(
        0.9, "share that an image takes from its neighbours", minimum=0.01, maximum=0.999, symbol="α", advanced=True
    )


@CLASSIFIERS.register("ensemble")
class Ensemble:
    """Ensemble: half logistic regression with even classes, half label spreading over the neighbour graph.

    As good as the better of the two on balanced and imbalanced classes alike. No source is needed.
    """

    name: ClassVar[str]
    Config = EnsembleConfig

    def __init__(self, config: EnsembleConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        linear = Logistic(LogisticConfig()).answer(task)
        config = SpreadConfig(alpha=self.config.alpha)
        spreading = spread(task.affinity, task.labels, task.classes, config, TOLERANCE)
        return Answer(mix(linear.probabilities, spreading, self.config.spreading), linear.note)


def mix(always: Floats, sometimes: Floats, share: float) -> Floats:
    """Two answers [N L] in shares, the second in `share`; by the first alone where the second is silent (rows of 0)."""
    answered = sometimes.sum(axis=1, keepdims=True) > 0
    mixed: Floats = np.where(answered, (1 - share) * always + share * sometimes, always)
    return mixed
