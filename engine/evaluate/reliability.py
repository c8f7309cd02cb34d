"""Reliability: of the answers said to be right with a probability of 80 %, are 80 % right?

Expected calibration error: Naeini et al., AAAI 2015, https://doi.org/10.1609/aaai.v29i1.9602, over equal steps of the
answer's probability; the diagram: Guo et al., ICML 2017, https://arxiv.org/abs/1706.04599. Differs: beside the error
stands its null, what it would be on average were every probability exactly right, as few images show an error by
chance alone; and each step has an exact 95 % interval (Clopper and Pearson).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from engine.types import Array

STEPS = 10
RESAMPLES = 200  # of right and wrong answers, for the null


@dataclass(frozen=True)
class Bin:
    """Answers of a like probability."""

    low: float
    high: float
    images: int
    said: float  # their mean probability
    right: float  # share of them that are right
    interval: list[float]  # 95 %, of that share; wider in truth where images of a group are alike


@dataclass(frozen=True)
class Reliability:
    """How probabilities compare with how often the answers are right."""

    error: float  # expected calibration error: mean |right - said| over images, in [0, 1]
    null: float  # what that would be on average were every probability exactly right
    said: float  # mean probability of the answers
    right: float  # share that is right
    images: int  # with an answer
    bins: list[Bin]  # those that hold images

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        gap = self.said - self.right
        how = "too sure" if gap > 0 else "too careful"
        lean = f"; on the whole {abs(gap):.0%} {how}" if abs(gap) >= 0.02 else ""
        return f"Probabilities are off by {self.error:.3f} (by chance alone {self.null:.3f}){lean}."


def reliability(probability: Array, right: Array, seed: int = 0) -> Reliability | None:
    """Compare probabilities with the truth; None without answers.

    Args:
        probability: of the answered class [N], in (0, 1].
        right: bool [N], whether the answer is right.
        seed: of the null.
    """
    if not len(probability):
        return None
    said = probability.astype(np.float64)
    step = np.minimum((said * STEPS).astype(int), STEPS - 1)
    images = np.bincount(step, minlength=STEPS)
    sums = np.bincount(step, said, minlength=STEPS)
    hits = np.bincount(step, np.asarray(right, float), minlength=STEPS)
    rng = np.random.default_rng(seed)
    by_chance = [
        np.abs(np.bincount(step, rng.random(len(said)) < said, minlength=STEPS) - sums).sum() for _ in range(RESAMPLES)
    ]
    bins = [_bin(one, int(images[one]), float(sums[one]), int(hits[one])) for one in np.flatnonzero(images).tolist()]
    return Reliability(
        error=float(np.abs(hits - sums).sum() / len(said)),
        null=float(np.mean(by_chance) / len(said)),
        said=float(said.mean()),
        right=float(np.mean(right)),
        images=len(said),
        bins=bins,
    )


def _bin(place: int, images: int, total: float, hits: int) -> Bin:
    low = float(special.betaincinv(hits, images - hits + 1, 0.025)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, images - hits, 0.975)) if hits < images else 1.0
    return Bin(place / STEPS, (place + 1) / STEPS, images, total / images, hits / images, [low, high])
