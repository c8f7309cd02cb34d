"""Several priors in one training: each takes its share of the pairs, the rest are an image with itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import SettingInvalid
from engine.images.table import ImageTable
from engine.priors.augmentation import Augmentation
from engine.priors.base import Prior
from engine.priors.candidates import Kin
from engine.types import Array, Indices
from engine.views.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Pairing:
    """Partners for a batch, drawn from several priors by share; what the training loop calls."""

    table: ImageTable
    priors: tuple[Prior, ...]
    shares: Array  # share of the pairs that each prior takes; they sum to at most 1

    @classmethod
    def of(cls, table: ImageTable, priors: Sequence[Prior]) -> Pairing:
        """The pairing of these priors on a table.

        Raises:
            ColumnMissing: the table lacks a column that a prior needs.
            SettingInvalid: the shares sum to more than 1.
        """
        for prior in priors:
            prior.check(table)
        wanted = np.array([prior.share for prior in priors], dtype=np.float64)
        if wanted.sum() > 1 + 1e-9:
            listed = " + ".join(f"{share:g}" for share in wanted if share)
            raise SettingInvalid(
                f"The shares of the priors sum to {listed} = {wanted.sum():g}. Lower them to at most 1."
            )
        return cls(table, tuple(priors), wanted)

    def __call__(self, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        """Partners [B P] of the anchors [B]; the anchor's own row where no prior takes the pair."""
        partners, _ = self.draw(anchors, count, rng)
        return partners

    def draw(self, anchors: Indices, count: int, rng: np.random.Generator) -> tuple[Indices, Indices]:
        """The partners [B P], and which prior drew each [B P]: its number, or len(priors) for none."""
        partners = np.repeat(anchors[:, None], count, axis=1)
        thresholds = np.cumsum(self.shares)
        author = np.searchsorted(thresholds, rng.random(partners.shape), side="right")  # the rest: len(priors)
        for number, prior in enumerate(self.priors):
            if self.shares[number] > 0:
                mine = author == number
                partners[mine] = prior.pairs(self.table, anchors, count, rng)[mine]
        return partners, author

    @property
    def recipe(self) -> Recipe:
        """What a view may change: the augmentation prior's word, or its default; then what the other priors alter."""
        asked = next((prior for prior in self.priors if isinstance(prior, Augmentation)), Augmentation()).recipe
        for prior in self.priors:
            asked = prior.alter(asked)
        return asked

    def kin(self) -> Kin | None:
        """Which images are no fair negatives of each other, by any of the priors; None where none says so."""
        told = [known for prior in self.priors if (known := prior.kin(self.table)) is not None]
        return Kin(told) if told else None

    def groups(self) -> Indices | None:
        """Group of each image [N], UNKNOWN for none, by the first prior that makes groups; None where none does."""
        told = (prior.groups(self.table) for prior in self.priors)
        return next((codes for codes in told if codes is not None), None)
