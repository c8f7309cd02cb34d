"""Margin: the images whose two likeliest classes are nearly as likely as each other.

Scheffer et al., IDA 2001, https://doi.org/10.1007/3-540-44816-0_31; over the answers as they stand. Differs: no image
of a batch is a neighbour of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.doubt import before_answers, most_doubtful


@dataclass(frozen=True)
class MarginConfig:
    """Margin can be told nothing."""


@STRATEGIES.register("margin")
class Margin:
    """Margin: the images whose two likeliest classes are nearly as likely as each other, none beside another.

    Scheffer et al., IDA 2001, https://doi.org/10.1007/3-540-44816-0_31. Sharpens borders between classes: for later,
    when every class has several labels.
    """

    name: ClassVar[str]
    Config = MarginConfig

    def __init__(self, config: MarginConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        if not situation.answerable:
            return before_answers(situation, count, rng)
        return most_doubtful(situation, 1 - situation.margin, count)
