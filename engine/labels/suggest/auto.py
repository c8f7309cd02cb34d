"""Automatic: images that stand for many others first, then doubtful ones, none for what a label stands for already.

Uncertainty herding, Bae et al., ICLR 2025, https://arxiv.org/abs/2412.20644 (see herding.py), over averages of the
graph: from two labels a class on it asks about doubtful images. Tried against TypiClust, ProbCover, CoreSet, products
of doubt, distance and density, weights for sparse places and for rare classes, other measures of doubt, wider and
narrower kernels and no doubt at all, of which none was better on all of five real sets (MEASURED.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.herding import Herding, HerdingConfig
from engine.settings import setting


@dataclass(frozen=True)
class AutoConfig:
    """What the automatic choice can be told."""

    typical: int = setting(2, "labels a class up to which typical images are suggested", minimum=1, maximum=50)


@STRATEGIES.register("auto")
class Auto:
    """Automatic: images that stand for many others first, then doubtful ones that no label stands for yet.

    Uncertainty herding, Bae et al., ICLR 2025, https://arxiv.org/abs/2412.20644.
    """

    name: ClassVar[str]
    Config = AutoConfig

    def __init__(self, config: AutoConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        return Herding(HerdingConfig(begin=self.config.typical)).choose(situation, count, rng)
