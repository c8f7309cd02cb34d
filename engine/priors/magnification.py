"""Magnification: the same field of a slide at two magnifications shows the same tissue.

Chhipa et al., WACV 2023, https://arxiv.org/abs/2203.07707 (MPCS), section 3: a fixed pair of magnifications for all
fields, an ordered pair (a view and the next magnification), or a random pair of different ones. The paper pairs so with
milder augmentation than SimCLR's: choose the views “mild”. Differs: every image of the table is an anchor in turn; at
the highest magnification the ordered pair takes the next lower one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.errors import SettingInvalid
from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, other_value, wanted_value
from engine.priors.columns import groups_of, numbers_of
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting
from engine.types import UNKNOWN, Array, Indices


@PRIORS.register("magnification")
@dataclass(frozen=True)
class Magnification(Relation):
    field: str = setting("field", "column that names the field: equal for all magnifications of a place", unit=COLUMN)
    magnification: str = setting("magnification", "column with the magnification, a number", unit=COLUMN)
    pairing: str = setting(
        "random", "which two magnifications make a pair, as the paper names it", choices=("random", "ordered", "fixed")
    )
    low: float = setting(200.0, "lower magnification of the fixed pair", minimum=0, advanced=True)
    high: float = setting(400.0, "higher magnification of the fixed pair", minimum=0, advanced=True)
    share: float = setting(1.0, "share of the pairs taken from another magnification", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch show one field, so that it need not push them apart"
    )

    def candidates(self, table: ImageTable) -> Candidates:
        fields = groups_of(table, self.field)
        numbers = numbers_of(table, self.magnification)
        kinds, levels = pd.factorize(numbers, sort=True)  # NaN is UNKNOWN
        kinds = kinds.astype(np.int64)
        if self.pairing == "random":
            return other_value(fields, kinds)
        wanted = _next_level(fields, kinds) if self.pairing == "ordered" else self._other_of_two(kinds, levels)
        return wanted_value(fields, kinds, wanted)

    def groups(self, table: ImageTable) -> Indices | None:
        return groups_of(table, self.field)

    @property
    def basis(self) -> str:
        return f"of the same “{self.field}” at another “{self.magnification}”"

    def describe(self) -> str:
        return "another magnification" if self.pairing == "random" else f"{self.pairing} magnifications"

    def _other_of_two(self, kinds: Indices, levels: Array) -> Indices:
        pair = [int(np.searchsorted(levels, level)) for level in (self.low, self.high)]
        missing = [level for level, place in zip((self.low, self.high), pair, strict=True) if level not in levels]
        if missing or self.low == self.high:
            listed = ", ".join(f"{level:g}" for level in levels)
            raise SettingInvalid(
                f"The fixed pair of magnifications is {self.low:g} and {self.high:g}; the images have "
                f"{listed or 'none'}. Set “low” and “high” to two of these, or choose random pairs."
            )
        return np.where(kinds == pair[0], pair[1], np.where(kinds == pair[1], pair[0], UNKNOWN))


def _next_level(fields: Indices, kinds: Indices) -> Indices:
    """The next higher kind within each image's field [N], at the highest the next lower; UNKNOWN where there is one."""
    known = (fields != UNKNOWN) & (kinds != UNKNOWN)
    there = np.unique(np.stack([fields[known], kinds[known]]), axis=1)  # [2 M] in order of field, then kind
    field, kind = there
    together = field[1:] == field[:-1]
    above = np.append(np.where(together, kind[1:], UNKNOWN), UNKNOWN) if len(kind) else kind
    below = np.append(UNKNOWN, np.where(together, kind[:-1], UNKNOWN)) if len(kind) else kind
    following = np.where(above != UNKNOWN, above, below)
    span = int(kinds.max(initial=0)) + 1
    wanted = np.full(len(kinds), UNKNOWN)
    wanted[known] = following[np.searchsorted(field * span + kind, fields[known] * span + kinds[known])]
    return wanted
