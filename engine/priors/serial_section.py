"""Serial section: the same place on the next section of a block shows the same tissue.

After Gildenblat and Klaiman, MICCAI workshop 2019, https://arxiv.org/abs/1905.08139 (near in the tissue is alike),
along the third axis. The sections must be registered: equal x and y must mean the same place.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, from_edges
from engine.priors.columns import numbers_of
from engine.priors.places import places_of, step_of
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting


@PRIORS.register("serial_section")
@dataclass(frozen=True)
class SerialSection(Relation):
    block: str = setting("patient", "column that names the block or patient the sections are cut from", unit=COLUMN)
    section: str = setting("section", "column with the number of the section", unit=COLUMN)
    x: str = setting("x", "column with the place from left to right, a number", unit=COLUMN)
    y: str = setting("y", "column with the place from top to bottom, a number", unit=COLUMN)
    radius: float = setting(1.0, "how far the place may be off, in tiles", minimum=0)
    reach: int = setting(1, "sections between two tiles that still make a pair; 1: the next one", minimum=1)
    share: float = setting(0.5, "share of the pairs taken from another section", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which tiles of a batch are of one place, so that it need not push them apart"
    )

    def candidates(self, table: ImageTable) -> Candidates:
        places = places_of(table, self.block, self.x, self.y)
        sections = numbers_of(table, self.section)
        reach = self.radius * step_of(places, sections)
        left, right = places.neighbours(reach)
        apart = abs(sections[left] - sections[right])
        wanted = (apart > 0) & (apart <= self.reach)
        return from_edges(len(table), left[wanted], right[wanted])

    @property
    def basis(self) -> str:
        return f"at the same place within {self.reach} “{self.section}” of the same “{self.block}”"

    def describe(self) -> str:
        return "serial sections"
