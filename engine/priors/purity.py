"""Purity: how often partners share a class, as far as the labels so far can tell: what decides whether a prior helps.

The labels are only looked at; they never reach the pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.images.table import ImageTable
from engine.priors.base import Prior
from engine.types import UNKNOWN, Indices

MOST = 2000  # labelled images asked; more would change no digit that a person reads
SURE = 1.959964  # standard deviations on either side of a 95% interval


@dataclass(frozen=True)
class Purity:
    """Of the labelled images that have a labelled partner."""

    images: int
    share: float  # of their labelled partners that have their class, mean over images
    low: float  # 95% interval
    high: float
    chance: float  # that two labelled images drawn at random share a class

    @property
    def sentence(self) -> str:
        """The same in plain words."""
        if not self.images:
            return (
                "How pure these pairs are will be seen as soon as both images of some are labelled; label a few images."
            )
        return (
            f"Of {self.images:,} labelled images, {self.share:.0%} of the labelled partners share the class "
            f"(95% interval {self.low:.0%} to {self.high:.0%}; {self.chance:.0%} would by chance)."
        )

    @property
    def harmful(self) -> bool:
        """Whether partners share a class no more often than any two images do, as surely as 95% goes."""
        return self.images > 0 and self.high < self.chance


def purity(prior: Prior, table: ImageTable, codes: Indices, rng: np.random.Generator) -> Purity:
    """How pure a prior's pairs are.

    Args:
        prior: whose partners to ask for.
        table: the images, N rows.
        codes: class of each image [N], UNKNOWN where nobody labelled it.
        rng: draws the images asked, and partners among very many.

    Returns:
        The purity. The interval is Wilson's (JASA 1927) for half as many pairs as images, since each pair is met from
        both sides.
    """
    labelled = np.flatnonzero(codes != UNKNOWN)
    asked = labelled if len(labelled) <= MOST else rng.choice(labelled, MOST, replace=False)
    found = [share for row in asked if not math.isnan(share := _share(prior, table, codes, int(row)))]
    shares = np.bincount(codes[labelled]) / max(1, len(labelled))
    chance = float(np.square(shares).sum())
    if not found:
        return Purity(0, math.nan, 0.0, 1.0, chance)
    share = float(np.mean(found))
    low, high = wilson(share, len(found) / 2)
    return Purity(len(found), share, low, high, chance)


def wilson(share: float, count: float) -> tuple[float, float]:
    """The 95% interval of a share seen in `count` independent trials."""
    spread = SURE**2 / count
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _share(prior: Prior, table: ImageTable, codes: Indices, row: int) -> float:
    """The share of an image's labelled partners that have its class; NaN where it has none."""
    partners = prior.partners(table, row)
    known = codes[partners[partners != row]]
    known = known[known != UNKNOWN]
    return float((known == codes[row]).mean()) if len(known) else math.nan
