"""Linear discriminants: the class whose mean is nearest, in units of the scatter that all classes share.

Fisher, Annals of Eugenics 1936, https://doi.org/10.1111/j.1469-1809.1936.tb02137.x; the scatter is shrunk towards a
sphere as in Ledoit and Wolf, Journal of Multivariate Analysis 2004, https://doi.org/10.1016/S0047-259X%2803%2900096-4.
All classes are equally likely beforehand. With one label a class there is no scatter within classes, and the nearest
mean decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.base import CLASSIFIERS, Answer, Task, class_means, softmax, span
from engine.settings import setting
from engine.types import Floats

NO_SCATTER = 0.1  # variance of all features together where no class has two labels; directions have 1 in all


@dataclass(frozen=True)
class LdaConfig:
    """What linear discriminants can be told."""

    shrinkage: float = setting(
        -1.0, "share of a sphere in the scatter; -1 finds it (Ledoit and Wolf)", minimum=-1, maximum=1, symbol="ρ"
    )


@CLASSIFIERS.register("lda")
class Lda:
    """Linear discriminants: the class whose mean is nearest, in units of the scatter that all classes share.

    Shrunk as in Ledoit and Wolf, Journal of Multivariate Analysis 2004, https://doi.org/10.1016/S0047-259X%2803%2900096-4.
    Strong from five labels a class on.
    """

    name: ClassVar[str]
    Config = LdaConfig

    def __init__(self, config: LdaConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        points, axes = span(task.directions[task.support])
        means = class_means(points, task.codes, len(task.seen))
        inside = points - means[task.codes]
        width = task.vectors.shape[1]  # of the whole space, of which the labelled images span a part
        scatter = (inside.T @ inside / len(inside)).astype(np.float64)
        variance = float(np.trace(scatter)) / width
        if variance < 1e-9:
            scatter, variance, share = np.zeros_like(scatter), NO_SCATTER / width, 1.0
        else:
            share = self.config.shrinkage if self.config.shrinkage >= 0 else ledoit_wolf(inside, width)
        shrunk = (1 - share) * scatter + max(share, 1e-3) * variance * np.eye(len(scatter))
        inward = np.linalg.solve(shrunk, means.T.astype(np.float64))  # [R l]
        offset = -0.5 * np.einsum("lr,rl->l", means, inward)
        return Answer(task.for_all(softmax(task.directions @ (axes @ inward).astype(np.float32) + offset)))


def ledoit_wolf(centred: Floats, width: int) -> float:
    """The share of the sphere that lies nearest to the true scatter, in [0, 1].

    Args:
        centred: points less their class mean [S R].
        width: features of the space that they lie in, ≥ R.
    """
    points = centred.astype(np.float64)
    squares = float(((points.T @ points / len(points)) ** 2).sum())
    lengths = (points**2).sum(axis=1)
    spread = squares - lengths.mean() ** 2 / width
    error = ((lengths**2).mean() - squares) / len(points)
    return float(np.clip(error / spread, 0, 1)) if spread > 0 else 1.0
