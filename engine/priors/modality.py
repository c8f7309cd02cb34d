"""Modality: two pictures of one subject by different means (two stains, two channels) show the same thing.

Taleb et al., IPMI 2021, https://arxiv.org/abs/1912.05396, and Tian et al., ECCV 2020 (contrastive multiview coding),
https://arxiv.org/abs/1906.05849: views of one scene through different senses. The pictures must show the same place.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, other_value
from engine.priors.columns import groups_of
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting
from engine.types import Indices


@PRIORS.register("modality")
@dataclass(frozen=True)
class Modality(Relation):
    subject: str = setting("subject", "column that names what is shown: equal for all its pictures", unit=COLUMN)
    modality: str = setting("modality", "column that names the stain, channel or device", unit=COLUMN)
    share: float = setting(1.0, "share of the pairs taken from another modality", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one subject, so that it need not push them apart"
    )

    def candidates(self, table: ImageTable) -> Candidates:
        return other_value(groups_of(table, self.subject), groups_of(table, self.modality))

    def groups(self, table: ImageTable) -> Indices | None:
        return groups_of(table, self.subject)

    @property
    def basis(self) -> str:
        return f"of the same “{self.subject}” in another “{self.modality}”"

    def describe(self) -> str:
        return f"other {self.modality}"
