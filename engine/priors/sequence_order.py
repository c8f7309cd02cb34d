"""Sequence order: images whose files follow one another were taken one after another, and often show the same thing.

Isola et al., ICLR workshop 2016, https://arxiv.org/abs/1511.06811: what occurs together in space or time belongs
together. File names are sorted as a person would: image9 before image10.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.images.table import ImageTable
from engine.priors.base import PRIORS
from engine.priors.candidates import Candidates, within
from engine.priors.columns import groups_of
from engine.priors.relation import Relation
from engine.settings import COLUMN, setting
from engine.types import Indices

DIGITS = 40  # that numbers in file names have at most, to be compared as numbers


@PRIORS.register("sequence_order")
@dataclass(frozen=True)
class SequenceOrder(Relation):
    reach: int = setting(1, "places between two files that still make a pair; 1: next to each other", minimum=1)
    sequence: str = setting("", "column whose values are sequences of their own; none: each folder is one", unit=COLUMN)
    share: float = setting(0.5, "share of the pairs taken from a file nearby", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which files of a batch are that near, so that it need not push them apart"
    )

    def candidates(self, table: ImageTable) -> Candidates:
        place = table.remember("natural order", lambda: natural_places(list(table.paths)))
        if self.sequence:
            codes = groups_of(table, self.sequence)
        else:
            folders = [path.rpartition("/")[0] for path in table.paths]
            codes = np.unique(np.array(folders, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)
        return within(codes, _ranks(codes, place), self.reach)

    @property
    def basis(self) -> str:
        where = f"of the same “{self.sequence}”" if self.sequence else "of its folder"
        return f"within {self.reach} place{'s' * (self.reach > 1)} in the file order {where}"

    def describe(self) -> str:
        return "files in order"


def natural_places(paths: Sequence[str]) -> Indices:
    """The place [N] of each path in the order in which numbers count as numbers, before any letter."""
    keys = [_NUMBERS.sub(_padded, path) for path in paths]
    place = np.empty(len(paths), np.int64)
    place[sorted(range(len(paths)), key=keys.__getitem__)] = np.arange(len(paths))
    return place


def _ranks(codes: Indices, place: Indices) -> Indices:
    """The place [N] of each image within its own sequence, counted without gaps."""
    order = np.lexsort((place, codes))
    starts = np.flatnonzero(np.diff(codes[order], prepend=np.int64(-2)))
    counted = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    ranks = np.empty(len(codes), np.int64)
    ranks[order] = counted
    return ranks


def _padded(number: re.Match[str]) -> str:
    """A number such that text sorts it: with as many digits as any other, behind the smallest character there is."""
    return f"\0{number[0].zfill(DIGITS)}"


_NUMBERS = re.compile("[0-9]+")
