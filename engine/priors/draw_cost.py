"""What a prior adds to an epoch: the partners it draws and the images it reads for them, timed on the spot."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from engine.images.table import ImageTable
from engine.priors.base import Prior

SOON = 0.1  # seconds below which nobody asks how many
TIMED = 2048  # images whose partners are drawn to take the time


@dataclass(frozen=True)
class DrawCost:
    """Of one epoch with one partner for each image."""

    partners: int  # images read as partners of others
    images: int  # in the epoch
    seconds: float  # for drawing them, on this machine

    @property
    def sentence(self) -> str:
        """The same in plain words."""
        if not self.partners:
            return "Free: it draws no partners."
        spent = f"{self.seconds:.0f} s" if self.seconds >= 10 else f"{self.seconds:.1g} s"
        if self.seconds < SOON:
            spent = f"under {SOON} s"
        return (
            f"Next to nothing. {self.partners / (self.images + self.partners):.0%} of the images that an epoch reads "
            f"are partners, drawn in {spent}; no further view is computed."
        )


def draw_cost(prior: Prior, table: ImageTable, rng: np.random.Generator) -> DrawCost:
    """Draw partners for some of the images and take the time.

    Raises:
        ColumnMissing: the table lacks a column that the prior needs.
    """
    if not prior.share:
        return DrawCost(0, len(table), 0.0)
    anchors = rng.choice(len(table), min(TIMED, len(table)), replace=False)
    prior.pairs(table, anchors[:1], 1, rng)  # what is prepared once is not counted
    begun = time.perf_counter()
    partners = prior.pairs(table, anchors, 1, rng)[:, 0]
    scale = len(table) / len(anchors)
    return DrawCost(
        partners=round(prior.share * scale * int((partners != anchors).sum())),
        images=len(table),
        seconds=scale * (time.perf_counter() - begun),
    )
