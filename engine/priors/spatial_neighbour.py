"""Spatial neighbour: two tiles that lie next to each other on a slide show the same tissue.

Gildenblat and Klaiman, MICCAI workshop 2019, https://arxiv.org/abs/1905.08139: tiles near each other are similar, tiles
far apart need not be. Differs: a share of the pairs; any contrastive or other method in place of their Siamese loss.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, from_edges
from engine.priors.places import PLACE_UNITS, places_of, step_of
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting


@PRIORS.register("spatial_neighbour")
@dataclass(frozen=True)
class SpatialNeighbour(Relation):
    slide: str = setting("slide", "column that names the slide; places are compared within one only", unit=COLUMN)
    x: str = setting("x", "column with the place from left to right, a number", unit=COLUMN)
    y: str = setting("y", "column with the place from top to bottom, a number", unit=COLUMN)
    radius: float = setting(1.5, "largest distance; 1.5 tiles are the eight around one", minimum=0)
    unit: str = setting(
        "tiles",
        "of the radius: tiles are as far apart as next neighbours mostly are; column takes x and y as they stand",
        choices=PLACE_UNITS,
    )
    mpp: str = setting("mpp", "column with µm per pixel, for a radius in µm", unit=COLUMN, advanced=True)
    share: float = setting(0.5, "share of the pairs taken from a neighbouring tile", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which tiles of a batch are neighbours, so that it need not push them apart"
    )

    def candidates(self, table: ImageTable) -> Candidates:
        places = places_of(table, self.slide, self.x, self.y, self.mpp if self.unit == "µm" else "")
        reach = self.radius * (step_of(places) if self.unit == "tiles" else 1.0)
        return from_edges(len(table), *places.neighbours(reach))

    @property
    def basis(self) -> str:
        unit = "" if self.unit == "column" else f" {self.unit}"
        return f"within {self.radius:g}{unit} on the same “{self.slide}”"

    def describe(self) -> str:
        return "neighbouring tiles"
