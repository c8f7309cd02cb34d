"""Stain: how strongly a laboratory stained its tissue says nothing about the tissue, so views may vary in just that.

Tellez et al., IEEE TMI 2018, https://arxiv.org/abs/1808.05896: haematoxylin and eosin are told apart and each is made
weaker or stronger. Differs: in place of the hue and saturation of the views, which mix the two stains up. It changes
the views of every pair and gives no partners.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.images.table import ImageTable
from engine.priors.base import PRIORS, Coverage, Prior
from engine.settings import setting
from engine.types import Indices
from engine.views.recipe import Recipe


@PRIORS.register("stain")
@dataclass(frozen=True)
class Stain(Prior):
    strength: float = setting(
        0.3, "haematoxylin and eosin are each multiplied by 1 ± this", minimum=0.01, maximum=1, symbol="σ"
    )
    colours: str = setting(
        "fixed",
        "colours of the two stains: those measured by Ruifrok, or estimated in each image after Macenko (slower)",
        choices=("fixed", "estimated"),
    )

    def pairs(self, table: ImageTable, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        return np.repeat(anchors[:, None], count, axis=1)

    def alter(self, recipe: Recipe) -> Recipe:
        return replace(recipe, stain=self.strength, stain_colours=self.colours, hue=0.0, saturation=0.0)

    def check(self, table: ImageTable) -> Coverage:
        return Coverage(
            images=len(table),
            with_partner=len(table),
            median_partners=1.0,
            sentence="Views of every pair vary in the strength of both stains; for tissue in H&E only.",
        )

    def describe(self) -> str:
        return "varied stains"
