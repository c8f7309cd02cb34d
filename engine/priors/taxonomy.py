"""Taxonomy: the nearer two images stand in a tree of folders or names, the more they have in common.

Zhang et al., CVPR 2022, https://arxiv.org/abs/2204.13207 (hierarchical multi-label contrastive learning): pairs of each
level of the tree, the deeper ones counting more. Differs: levels are drawn by weight instead of weighting their losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, other_value, same_value
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting
from engine.types import Indices


@PRIORS.register("taxonomy")
@dataclass(frozen=True)
class Taxonomy(Relation):
    column: str = setting("", "column that names the branch, as in tumour/breast/ductal; none: the folder", unit=COLUMN)
    distance: int = setting(2, "steps up the tree to a common branch of a pair; 1: the same leaf", minimum=1)
    decay: float = setting(0.5, "how often a level is drawn, against the one below it", minimum=0.01, maximum=1)
    share: float = setting(0.5, "share of the pairs taken from the tree", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one leaf, so that it need not push them apart"
    )

    def pairs(self, table: ImageTable, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        levels = self._levels(table)
        drawn = np.stack([level.draw(anchors, count, rng) for level in levels])  # [H B P]
        weights = (
            np.stack([level.others[anchors] > 0 for level in levels]) * self.decay ** np.arange(len(levels))[:, None]
        )
        upto = np.cumsum(weights, axis=0)[:, :, None]  # [H B 1]
        height = (rng.random((len(anchors), count)) * upto[-1] >= upto).sum(axis=0)  # [B P]
        height = np.minimum(height, len(levels) - 1)  # for an image without a partner at any height
        partners: Indices = np.take_along_axis(drawn, height[None], axis=0)[0]
        return partners

    def partners(self, table: ImageTable, row: int) -> Indices:
        return np.concatenate([level.of(row) for level in self._levels(table)])

    def others(self, table: ImageTable) -> Indices:
        counted: Indices = np.sum([level.others for level in self._levels(table)], axis=0)
        return counted

    def kin(self, table: ImageTable) -> Candidates | None:
        """Images of one leaf; further up the tree, nearly all may have a branch in common."""
        return self._levels(table)[0] if self.mask else None

    @property
    def basis(self) -> str:
        where = f"in the tree of “{self.column}”" if self.column else "in the tree of folders"
        return f"within {self.distance} step{'s' * (self.distance > 1)} up {where}"

    def describe(self) -> str:
        return f"tree of {self.column or 'folders'}"

    def _levels(self, table: ImageTable) -> list[Candidates]:
        """The partners at each height: of the same leaf, of the same parent but another leaf, and so on."""
        return table.remember(self, lambda: levels_of(_branches(table, self.column), self.distance))


def levels_of(branches: Sequence[str], distance: int) -> list[Candidates]:
    """Partners at heights 1 to `distance` in the tree of branches [N] such as a/b/c; the root counts for nothing."""
    parts = [branch.split("/") if branch else [] for branch in branches]
    heights = []
    for up in range(distance):
        ancestors = ["/".join(one[: len(one) - up]) if len(one) > up else None for one in parts]
        heights.append(pd.factorize(np.array(ancestors, dtype=object))[0].astype(np.int64))
    levels = [same_value(heights[0])]
    for below, above in pairwise(heights):
        levels.append(other_value(above, below))
    return levels


def _branches(table: ImageTable, column: str) -> list[str]:
    if column:
        return [str(value) for value in table.column(column)]
    return [path.rpartition("/")[0] for path in table.paths]
