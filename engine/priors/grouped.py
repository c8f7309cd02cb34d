"""Priors by group: all images that share a value show the same thing, and are no fair negatives of one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.images.table import Groups, ImageTable
from engine.priors.base import Coverage
from engine.priors.candidates import Candidates, same_value
from engine.priors.relation import Relation
from engine.types import UNKNOWN, Indices

GIANT = 0.5  # share of the images in one group from which on its pairs say nearly nothing
NEARLY_ALL = 0.9  # share of values that occur once from which on the column names single images


class GroupPrior(Relation):
    """A subclass declares `column`, `share` and `mask`."""

    column: str

    def grouping(self, table: ImageTable) -> Groups:
        """The groups, from the column of the table."""
        return table.groups(self.column)

    def group_names(self, table: ImageTable) -> list[str]:
        """What the groups are called, by code."""
        return table.codes(self.column)[1]

    def candidates(self, table: ImageTable) -> Candidates:
        return same_value(self.grouping(table).codes)

    def groups(self, table: ImageTable) -> Indices | None:
        return self.grouping(table).codes

    @property
    def basis(self) -> str:
        return f"by “{self.column}”"

    def describe(self) -> str:
        return f"same {self.column}"

    def check(self, table: ImageTable) -> Coverage:
        groups, found = self.grouping(table), super().check(table)
        several, largest = int((groups.size > 1).sum()), int(groups.size.max(initial=0))
        return replace(
            found,
            groups=several,
            median_group=float(np.median(groups.size)) if len(groups.size) else 0.0,
            largest_group=largest,
            sentence=self._in_groups(found, several),
            warnings=tuple(self._warnings(table, groups, largest)),
        )

    def _in_groups(self, found: Coverage, groups: int) -> str:
        images, paired = found.images, found.with_partner
        if not paired:
            return found.sentence
        all_or_some = "All" if paired == images else f"{paired:,} of"
        rest = f"; the other {images - paired:,} are paired with themselves" if paired < images else ""
        return f"{all_or_some} {images:,} images have a partner {self.basis}, in {groups:,} groups{rest}."

    def _warnings(self, table: ImageTable, groups: Groups, largest: int) -> list[str]:
        named = int((groups.codes != UNKNOWN).sum())
        found = []
        if named == 0:
            return [f"The column “{self.column}” is empty. Choose another, or fill it in on the Data screen."]
        if named < len(table):
            found.append(f"{len(table) - named:,} images have no “{self.column}”.")
        if (groups.size == 1).sum() > NEARLY_ALL * len(groups.size):
            found.append(
                f"Nearly every value of “{self.column}” belongs to one image only, so there is little to pair. "
                "A coarser column (patient, slide) would say more."
            )
        if largest > GIANT * len(table):
            found.append(
                f"One group holds {largest:,} of {len(table):,} images; two of them need have nothing in common. "
                "A finer column (slide, field) would say more."
            )
        return found
