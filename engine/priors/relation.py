"""A prior that relates images by their columns: what most priors are. Each says only who may be whose partner."""

from __future__ import annotations

import numpy as np

from engine.images.table import ImageTable
from engine.priors.base import Coverage, Prior
from engine.priors.candidates import Candidates, same_value
from engine.types import Indices


class Relation(Prior):
    """A subclass declares `mask` and writes `candidates`, `describe` and `basis`; candidates are drawn uniformly."""

    mask: bool

    def candidates(self, table: ImageTable) -> Candidates:
        """Who may be whose partner.

        Raises:
            ColumnMissing: the table lacks a column that the prior needs.
            ColumnUnusable: a column that must hold numbers does not.
        """
        raise NotImplementedError

    @property
    def basis(self) -> str:
        """What makes two images partners, as in “All 90 images have a partner {basis}”."""
        raise NotImplementedError

    def pairs(self, table: ImageTable, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        return self._known(table).draw(anchors, count, rng)

    def check(self, table: ImageTable) -> Coverage:
        others = self.others(table)
        paired = int((others > 0).sum())
        return Coverage(
            images=len(table),
            with_partner=paired,
            median_partners=float(np.median(others)) if len(others) else 0.0,
            sentence=self._sentence(len(table), paired, float(np.median(others[others > 0])) if paired else 0.0),
        )

    def partners(self, table: ImageTable, row: int) -> Indices:
        return self._known(table).of(row)

    def others(self, table: ImageTable) -> Indices:
        """How many partners each image can have [N]."""
        return self._known(table).others

    def kin(self, table: ImageTable) -> Candidates | None:
        """All of one group where the prior makes groups, else the candidates."""
        if not self.mask:
            return None
        groups = self.groups(table)
        return self._known(table) if groups is None else same_value(groups)

    def _known(self, table: ImageTable) -> Candidates:
        return table.remember(self, lambda: self.candidates(table))

    def _sentence(self, images: int, paired: int, median: float) -> str:
        if not paired:
            return f"No image has a partner {self.basis}; every image would be paired with itself."
        who = f"All {images:,}" if paired == images else f"{paired:,} of {images:,}"
        alone = images - paired
        rest = "" if not alone else " One is paired with itself." if alone == 1 else f" {alone:,} pair with themselves."
        return f"{who} images have a partner {self.basis}; {median:,.0f} to choose from, in the median.{rest}"
