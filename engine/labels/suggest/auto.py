"""Automatic: images that stand for many others first, then doubtful ones, none for what a label stands for already.

Uncertainty herding, Bae et al., ICLR 2025, https://arxiv.org/abs/2412.20644 (see herding.py): without a switch between
a beginning and an end. From one label a class on it asks about doubtful images, and lets those in sparse places weigh
more, since a small class counts as much as a large one. On five real sets it is the best of the strategies here in the
mean (see README.md, “Measured”); TypiClust, which the first version began with, finds fewer of many classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.herding import Herding, HerdingConfig
from engine.settings import setting

SPARSE = 2.0  # power of sparseness; 1 point of balanced accuracy on four real sets at 5 labels a class


@dataclass(frozen=True)
class AutoConfig:
    """What the automatic choice can be told."""

    typical: int = setting(1, "labels a class up to which typical images are suggested", minimum=1, maximum=50)


@STRATEGIES.register("auto")
class Auto:
    """Automatic: images that stand for many others first, then doubtful ones that no label stands for yet.

    Uncertainty herding, Bae et al., ICLR 2025, https://arxiv.org/abs/2412.20644, which lets small classes weigh as much
    as large ones.
    """

    name: ClassVar[str]
    Config = AutoConfig

    def __init__(self, config: AutoConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        herding = Herding(HerdingConfig(begin=self.config.typical, sparse=SPARSE))
        return herding.choose(situation, count, rng)
