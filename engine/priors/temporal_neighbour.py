"""Temporal neighbour: two frames of one sequence that were taken within a short time show the same thing.

Mobahi et al., ICML 2009 (deep learning from temporal coherence), and Knights et al., ICPR 2021 (temporally coherent
embeddings), https://arxiv.org/abs/2004.02753: neighbouring frames of a video are positives.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, within
from engine.priors.columns import groups_of, numbers_of
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting


@PRIORS.register("temporal_neighbour")
@dataclass(frozen=True)
class TemporalNeighbour(Relation):
    sequence: str = setting("sequence", "column that names the sequence that a frame is of", unit=COLUMN)
    time: str = setting("time", "column with the time of the frame, a number", unit=COLUMN)
    reach: float = setting(1.0, "largest difference in time, in the unit of the column", minimum=0, symbol="Δt")
    share: float = setting(1.0, "share of the pairs taken from another frame", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which frames of a batch are that near, so that it need not push them apart"
    )

    def candidates(self, table: ImageTable) -> Candidates:
        return within(groups_of(table, self.sequence), numbers_of(table, self.time), self.reach)

    @property
    def basis(self) -> str:
        return f"within {self.reach:g} of its “{self.time}” in the same “{self.sequence}”"

    def describe(self) -> str:
        return f"frames within {self.reach:g}"
