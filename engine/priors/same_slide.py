"""Same slide: two tiles of one slide are of one tissue, stained and scanned together.

Azizi et al., ICCV 2021, https://arxiv.org/abs/2101.05224, with the slide in the place of the patient. Two tiles of a
slide also share its colours, which a network learns gladly in place of the tissue: compare with augmentation alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.priors.base import PRIORS
from engine.priors.grouped import GroupPrior
from engine.settings import COLUMN, setting


@PRIORS.register("same_slide")
@dataclass(frozen=True)
class SameSlide(GroupPrior):
    column: str = setting("slide", "column of the image table that names the slide", unit=COLUMN)
    share: float = setting(0.3, "share of the pairs taken from another tile of the slide", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one slide, so that it need not push them apart"
    )
