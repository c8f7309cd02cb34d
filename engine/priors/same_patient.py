"""Same patient: two images of one patient show the same disease.

Azizi et al., ICCV 2021, https://arxiv.org/abs/2101.05224 (MICLe). Differs: a share of the pairs instead of all; an
image that is its patient's only one is paired with itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.priors.base import PRIORS
from engine.priors.grouped import GroupPrior
from engine.settings import COLUMN, setting


@PRIORS.register("same_patient")
@dataclass(frozen=True)
class SamePatient(GroupPrior):
    column: str = setting("patient", "column of the image table that names the patient", unit=COLUMN)
    share: float = setting(0.5, "share of the pairs taken from another image of the patient", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one patient, so that it need not push them apart"
    )
