"""Augmentation: two altered views of one image show the same thing; which alterations is a person's judgement.

Chen et al., ICML 2020, https://arxiv.org/abs/2002.05709. The human prior: it asks nothing of the table, and it is what
remains for every pair that no other prior takes. Recipes by kind of image are in engine/views/recipe.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from engine import settings
from engine.images.table import ImageTable
from engine.priors.base import PRIORS, Coverage, Prior
from engine.settings import setting, settings_of
from engine.types import Indices
from engine.views.recipe import PRESETS, Recipe, make_recipe


@PRIORS.register("augmentation")
@dataclass(frozen=True)
class Augmentation(Prior):
    # The form of the dashboard starts from the preset's values and offers the recipe's settings to change.
    card: ClassVar[dict[str, Any]] = {
        "recipes": {name: asdict(recipe) for name, recipe in PRESETS.items()},
        "recipe_settings": [asdict(one) for one in settings_of(Recipe)],
    }

    preset: str = setting("histology", "kind of images, which decides what a view may change", choices=tuple(PRESETS))
    changes: Mapping[str, Any] = field(default_factory=dict)  # settings of the recipe that differ from the preset's

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """From `preset` and any settings of a Recipe, side by side."""
        changes = {name: value for name, value in values.items() if name != "preset"}
        preset = settings.build(cls, {name: values[name] for name in values if name == "preset"}).preset
        make_recipe(preset, changes)  # refuses what is no setting of a recipe
        return cls(preset, changes)

    @property
    def recipe(self) -> Recipe:
        """What a view may change."""
        return make_recipe(self.preset, self.changes)

    def pairs(self, table: ImageTable, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        return np.repeat(anchors[:, None], count, axis=1)

    def check(self, table: ImageTable) -> Coverage:
        changed = f", changed in {', '.join(self.changes)}" if self.changes else ""
        return Coverage(
            images=len(table),
            with_partner=len(table),
            median_partners=1.0,
            sentence=f"Every image is paired with another view of itself; views are those for {self._kind}{changed}.",
        )

    def describe(self) -> str:
        return f"{self._kind} views"

    @property
    def _kind(self) -> str:
        return self.preset.replace("_", " ")
