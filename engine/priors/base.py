"""What a prior is: a fact about the data that says which images belong together. Pure data, no torch.

A prior answers three questions: which partners does an image have (`pairs`), how many images does it reach (`check`),
and which images are so alike that they are no fair negatives of one another (`kin`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from engine import settings
from engine.images.table import ImageTable
from engine.priors.candidates import Candidates
from engine.registry import Registry
from engine.types import Indices
from engine.views.recipe import Recipe

PRIORS: Registry[type[Prior]] = Registry("prior")


@dataclass(frozen=True)
class PriorSpec:
    """A prior by name with its settings, as requests and forms carry it."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "settings": dict(self.settings)}


@dataclass(frozen=True)
class Coverage:
    """How far a prior reaches in a table, before anything is trained."""

    images: int
    with_partner: int  # images that have at least one partner other than themselves
    median_partners: float  # that an image can have, those included that have none
    sentence: str  # the same in plain words
    groups: int = 0  # of at least two images, where the prior makes groups
    median_group: float = 0.0  # size of the median group, groups of one included
    largest_group: int = 0
    warnings: tuple[str, ...] = ()  # what is likely to harm, one plain sentence each

    @property
    def fraction(self) -> float:
        """Share of the images that have a partner, in [0, 1]."""
        return self.with_partner / self.images if self.images else 0.0


class Prior:
    """Base of all priors; a frozen dataclass whose fields are its settings."""

    name: ClassVar[str]
    share: float = 0.0  # wanted share of the pairs, in [0, 1]; what all shares leave to 1 pairs an image with itself

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """The prior with these settings.

        Raises:
            UnknownName: a setting that the prior does not have.
            SettingInvalid: a value outside its range.
        """
        return settings.build(cls, values)

    def pairs(self, table: ImageTable, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        """Partners for a batch of images.

        Args:
            table: the images, N rows.
            anchors: rows [B].
            count: partners for each, P ≥ 1.
            rng: where the choice comes from.

        Returns:
            Rows [B P]; the anchor's own row where it has no partner.
        """
        raise NotImplementedError

    def partners(self, table: ImageTable, row: int) -> Indices:
        """All partners that an image can have, or 200 draws of them where they are not kept as a list."""
        return np.unique(self.pairs(table, np.array([row]), 200, np.random.default_rng(row)))

    def check(self, table: ImageTable) -> Coverage:
        """How far the prior reaches in the table.

        Raises:
            ColumnMissing: the table lacks a column that the prior needs.
        """
        raise NotImplementedError

    def groups(self, table: ImageTable) -> Indices | None:
        """Group of each image [N], UNKNOWN where it has none; None where the prior makes no groups."""
        return None

    def kin(self, table: ImageTable) -> Candidates | None:
        """Images that are no fair negatives of each other, be they drawn as partners or not.

        None where the prior has no such opinion, or is told to keep it.
        """
        return None

    def alter(self, recipe: Recipe) -> Recipe:
        """What a view may change once this is known; most priors have no say in it."""
        return recipe

    def describe(self) -> str:
        """A few words for the title of a run."""
        raise NotImplementedError
