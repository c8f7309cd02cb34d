"""Same group: two images that share a value of a column (patient, slide, field, sequence) show the same thing.

Azizi et al., ICCV 2021, https://arxiv.org/abs/2101.05224 (MICLe: two images of one patient are a positive pair).
Differs: any column, a share of the pairs instead of all, several partners at once; an image that has no partner is
paired with itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.priors.base import PRIORS
from engine.priors.grouped import GroupPrior
from engine.settings import COLUMN, setting


@PRIORS.register("same_group")
@dataclass(frozen=True)
class SameGroup(GroupPrior):
    column: str = setting("patient", "column of the image table whose equal values make pairs", unit=COLUMN)
    share: float = setting(0.5, "share of the pairs taken from another image of the group", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one group, so that it need not push them apart"
    )
