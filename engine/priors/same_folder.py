"""Same folder: images that somebody put into one folder belong together.

Folders as a weak sign of meaning: Azizi et al., ICCV 2021, https://arxiv.org/abs/2101.05224, pairs whatever is known to
be of one case; here the folder is the case. It asks for no column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.images.table import Groups, ImageTable
from engine.priors.base import PRIORS
from engine.priors.grouped import GroupPrior
from engine.settings import setting


@PRIORS.register("same_folder")
@dataclass(frozen=True)
class SameFolder(GroupPrior):
    column = "folder"  # not of the table: read from the paths
    levels: int = setting(
        0, "folders from the outside in that must be the same; 0 for the whole way to the image", minimum=0, maximum=20
    )
    share: float = setting(0.5, "share of the pairs taken from another image of the folder", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one folder, so that it need not push them apart"
    )

    def grouping(self, table: ImageTable) -> Groups:
        return table.remember(("folders", self.levels), lambda: self._grouping(table))

    def group_names(self, table: ImageTable) -> list[str]:
        return sorted(set(self._folders(table)))

    def _grouping(self, table: ImageTable) -> Groups:
        codes = pd.factorize(np.array(self._folders(table), dtype=object), sort=True)[0].astype(np.int64)
        size = np.bincount(codes)
        return Groups(codes, np.argsort(codes, kind="stable"), np.cumsum(size) - size, size)

    def _folders(self, table: ImageTable) -> list[str]:
        parts = [path.split("/")[:-1] for path in table.paths]
        return ["/".join(folder[: self.levels or None]) or "." for folder in parts]
