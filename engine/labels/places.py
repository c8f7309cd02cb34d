"""Where images stand in a list of ids; the list asked about last is remembered, being most often asked about again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.types import Array, Indices


class Places:
    """Finds ids in a list. Making the look-up costs more than all that is done with it: 30 ms of 100,000 ids."""

    def __init__(self) -> None:
        self._known = _look_up(())

    def of(self, images: Sequence[str] | Array, ids: Sequence[str] | Array) -> Indices:
        """Positions [M] in `ids` of each of `images`; -1 for one that is not there."""
        wanted, known = np.asarray(ids, object), self._known
        if not np.array_equal(wanted, known.values):
            known = self._known = _look_up(wanted)
        found: Indices = known.get_indexer(_look_up(images))
        return found


def _look_up(ids: Sequence[str] | Array) -> pd.Index:
    found: pd.Index = pd.Index(np.asarray(ids, object), dtype="object")
    return found
