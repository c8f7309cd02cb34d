"""Random: any image that has no label, each as likely as the next.

The null that every other strategy has to beat, and the only choice from which the error of the whole can be estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.labels.suggest.base import STRATEGIES, Choice, Situation


@dataclass(frozen=True)
class RandomConfig:
    """Random choice can be told nothing."""


@STRATEGIES.register("random")
class Random:
    """Random: any image that has no label, each as likely as the next.

    The null that every other strategy has to beat, and the only choice from which the error of the whole can be
    estimated. No source is needed.
    """

    name: ClassVar[str]
    Config = RandomConfig

    def __init__(self, config: RandomConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        rows = np.flatnonzero(situation.open)
        drawn = rng.choice(rows, min(count, len(rows)), replace=False)
        return [Choice(int(row), 1.0, "drawn at random") for row in drawn]
