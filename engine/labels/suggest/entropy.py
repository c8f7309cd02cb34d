"""Entropy: the images whose answer is spread most evenly over the classes.

Settles, Active Learning Literature Survey 2009, https://burrsettles.com/pub/settles.activelearning.pdf, section 3.1;
-Σ p ln p of the answers as they stand. Differs: no image of a batch is a neighbour of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.doubt import before_answers, most_doubtful
from engine.types import Floats


@dataclass(frozen=True)
class EntropyConfig:
    """Entropy can be told nothing."""


@STRATEGIES.register("entropy")
class Entropy:
    """Entropy: the images whose answer is spread most evenly over the classes, none beside another.

    Settles, Active Learning Literature Survey 2009, https://burrsettles.com/pub/settles.activelearning.pdf. For later,
    when every class has several labels.
    """

    name: ClassVar[str]
    Config = EntropyConfig

    def __init__(self, config: EntropyConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        if not situation.answerable:
            return before_answers(situation, count, rng)
        return most_doubtful(situation, entropy(situation.answers), count)


def entropy(probabilities: Floats) -> Floats:
    """-Σ p ln p of each row [N]."""
    spread: Floats = -(probabilities * np.log(np.maximum(probabilities, 1e-12))).sum(axis=-1)
    return spread
