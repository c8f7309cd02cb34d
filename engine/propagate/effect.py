"""Effect: what the last label changed in the whole data set, from the answers before and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.propagate import Propagation
from engine.types import UNKNOWN, Array, Indices


@dataclass(frozen=True)
class Effect:
    """How two answers about the same images differ."""

    sure: float  # probability from which an answer counts as sure
    answered: int  # images with an answer now
    images: int  # all that the answer is about
    gained: int = 0  # images sure now less those sure before; negative where the label raised doubt
    moved: int = 0  # images whose class changed, from one to another
    reached: int = 0  # images with an answer now that had none before

    @property
    def sentence(self) -> str:
        """One line for the person who has just labelled."""
        parts = []
        if self.gained:
            parts.append(f"{self.gained:+,} {_images(self.gained)} sure ({self.sure:.2f} and above)".replace("-", "−"))
        if self.moved:
            parts.append(f"{self.moved:,} changed class")
        if self.reached:
            parts.append(f"{self.reached:,} answered for the first time")
        return " · ".join(parts) or f"{self.answered:,} of {self.images:,} images have an answer"


def effect(before: Propagation | None, after: Propagation, sure: float) -> Effect:
    """Compare the answer before a label with the one after it; images that only one of them knows are left out.

    Without one before there is nothing to compare, and only the answers there are now are counted.

    Args:
        sure: probability from which an answer counts as sure, in both.
    """
    standing = Effect(sure, int((after.predicted != UNKNOWN).sum()), len(after))
    if before is None:
        return standing
    old, new = _common(before.ids, after.ids)
    was, now = before.class_ids[old], after.class_ids[new]
    return replace(
        standing,
        gained=int((after.confidence[new] >= sure).sum() - (before.confidence[old] >= sure).sum()),
        moved=int(((was != UNKNOWN) & (now != UNKNOWN) & (was != now)).sum()),
        reached=int(((was == UNKNOWN) & (now != UNKNOWN)).sum()),
    )


def _common(before: Array, after: Array) -> tuple[Indices | slice, Indices | slice]:
    """Where the images that both know stand in each; nearly always all of them, in the same order."""
    if np.array_equal(before, after):
        return slice(None), slice(None)
    _, old, new = np.intersect1d(before, after, return_indices=True)
    return old, new


def _images(count: int) -> str:
    return "image" if abs(count) == 1 else "images"
