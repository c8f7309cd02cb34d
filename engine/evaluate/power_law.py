"""The inverse power law of learning curves, score(n) = a - b n^-c, fitted to many curves at once.

Cortes et al., NIPS 1993; its use to say how many labels are enough, the later points weighing more: Figueroa et al.,
BMC Medical Informatics and Decision Making 2012, https://doi.org/10.1186/1472-6947-12-8. Differs: the exponent is the
best of a grid, so that a and b follow by weighted least squares and no curve can fail to converge; a curve that would
fall is held level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.types import Array

EXPONENTS = np.linspace(0.1, 1.5, 15)  # of n


@dataclass(frozen=True, eq=False)
class PowerLaw:
    """R curves."""

    ceiling: Array  # a [R], at most 1
    reach: Array  # b [R], ≥ 0
    speed: Array  # c [R]

    def at(self, labels: Array | float) -> Array:
        """Scores [R M] at numbers of labels [M]."""
        labels = np.atleast_1d(np.asarray(labels, np.float64))
        scores: Array = self.ceiling[:, None] - self.reach[:, None] * labels ** -self.speed[:, None]
        return scores

    def gain(self, labels: int, more: int) -> Array:
        """What so many more labels add to the score [R]."""
        risen: Array = self.at(labels + more)[:, 0] - self.at(labels)[:, 0]
        return risen


def fit_power_law(labels: Array, scores: Array, speeds: Array = EXPONENTS) -> PowerLaw:
    """Fit curves.

    Args:
        labels: numbers of labels [M], M ≥ 3, above 0.
        scores: at each of them [R M], in [0, 1].
        speeds: exponents to try, in (0, ∞).
    """
    weights = labels / labels.sum()
    best = np.full(len(scores), np.inf)
    found = np.zeros((3, len(scores)))
    for speed in speeds:
        basis = labels**-speed
        mean_basis, mean_score = weights @ basis, scores @ weights
        spread = weights @ (basis - mean_basis) ** 2
        slope = -((scores - mean_score[:, None]) * (basis - mean_basis)) @ weights / spread
        reach = np.maximum(slope, 0)
        ceiling = mean_score + reach * mean_basis
        over = ceiling > 1  # then a = 1, and b is what fits best to it
        reach = np.where(over, ((1 - scores) * basis) @ weights / (weights @ basis**2), reach)
        ceiling = np.minimum(ceiling, 1)
        loss = (ceiling[:, None] - reach[:, None] * basis - scores) ** 2 @ weights
        better = loss < best
        best = np.where(better, loss, best)
        found = np.where(better, np.stack([ceiling, reach, np.full(len(scores), speed)]), found)
    return PowerLaw(*found)


def either_way(labels: Array, scores: Array) -> PowerLaw:
    """Two curves for each of the scores [R M]: that of the best exponent, and the one that levels off last.

    A few points hardly tell the exponent; the best one alone makes what lies beyond look surer than it is.
    """
    laws = fit_power_law(labels, scores), fit_power_law(labels, scores, EXPONENTS[:1])
    return PowerLaw(*(np.concatenate([getattr(one, name) for one in laws]) for name in ("ceiling", "reach", "speed")))
