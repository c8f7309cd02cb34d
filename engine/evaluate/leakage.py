"""Leakage: how well patient, slide, scanner or folder can be read from an embedding.

Where the nearest neighbours of an image are mostly of its own slide, the embedding has learnt the slide as well as the
tissue, labels spread within slides, and only a score on other slides tells what they are worth on new ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from engine.images.table import ImageTable
from engine.types import UNKNOWN, Array, Floats, Indices

NEIGHBOURS = 10  # asked of each image
PROBED = 3000  # images that the linear probe sees, which takes it about a second
FEWEST = 4  # images of a group, for the probe to learn it
MOST_GROUPS = 500  # of a column, beyond which it names images rather than groups
NAMES = ("patient", "case", "subject", "slide", "field", "sequence", "section", "scanner", "centre", "batch")
FEW = 12  # distinct numbers up to which a column of another name is taken for groups
STRONG, NOTABLE = 3.0, 1.5  # times as many neighbours of the own group as by chance


@dataclass(frozen=True)
class Leak:
    """How well one column can be read from an embedding."""

    column: str
    groups: int
    neighbours: float  # share of the nearest neighbours that are of the image's own group
    chance: float  # the same for neighbours drawn at random
    probe: float  # balanced accuracy of a linear classifier of the group, in two-fold cross-validation
    probe_chance: float  # one over the groups that it knows

    @property
    def strength(self) -> str:
        """strong, notable or slight."""
        times = self.neighbours / self.chance if self.chance else 1.0
        return "strong" if times >= STRONG else "notable" if times >= NOTABLE else "slight"

    @property
    def sentence(self) -> str:
        """The same in plain words."""
        said = (
            f"{self.neighbours:.0%} of the nearest neighbours are of the same {self.column} ({self.chance:.0%} by "
            f"chance); a linear probe tells the {self.column} of {self.probe:.0%} of the images "
            f"({self.probe_chance:.0%} by guessing)."
        )
        if self.strength == "strong":
            return f"{said} Score on other groups only: evaluate by {self.column}."
        return said


def leaks(table: ImageTable, rows: Indices, neighbours: Indices, vectors: Floats, seed: int = 0) -> list[Leak]:
    """Every column that makes groups, the one that leaks most first.

    Args:
        table: the images.
        rows: the table's row of each vector [N], UNKNOWN where its image is gone.
        neighbours: rows of the nearest others [N K], nearest first.
        vectors: [N D].
        seed: of the probe's sample and folds.
    """
    found: dict[bytes, Leak] = {}
    for column in sorted(
        table.metadata, key=lambda name: name.startswith("folder")
    ):  # what has a name of its own first
        codes = group_codes(table, column, rows)
        same = pd.factorize(codes)[0].tobytes()  # equal for two columns that make the same groups
        if same not in found and not _measures(table, column) and _makes_groups(codes):
            found[same] = _leak(column, codes, neighbours, vectors, seed)
    return sorted(found.values(), key=lambda leak: -leak.neighbours / max(leak.chance, 1e-9))


def group_codes(table: ImageTable, column: str, rows: Indices) -> Indices:
    """The group of each vector [N] by a column, UNKNOWN where it has none; `rows` as in `leaks`.

    Raises:
        ColumnMissing: the table has no such column.
    """
    return np.where(rows == UNKNOWN, UNKNOWN, table.codes(column)[0][rows])


def neighbour_shares(neighbours: Indices, codes: Indices, count: int = NEIGHBOURS) -> Floats:
    """Of each image's nearest others, the share that is of its own group [N]; NaN where it has none.

    Args:
        neighbours: rows [N K], nearest first.
        codes: group of each image [N], UNKNOWN for none; an image without a group is nobody's neighbour here.
        count: neighbours asked.
    """
    theirs = codes[neighbours[:, :count]]
    known = theirs != UNKNOWN
    shares = ((theirs == codes[:, None]) & known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.where((codes == UNKNOWN) | ~known.any(axis=1), np.nan, shares).astype(np.float32)


def chance_share(codes: Indices) -> float:
    """The mean share that neighbours drawn at random would have: (size of the group - 1) / (N - 1) over all images."""
    sizes = np.bincount(codes[codes != UNKNOWN]).astype(np.float64)
    count = sizes.sum()
    return float((sizes * (sizes - 1)).sum() / max(1.0, count * (count - 1)))


def linear_probe(vectors: Floats, codes: Indices, rng: np.random.Generator) -> tuple[float, int]:
    """Balanced accuracy of shrunken linear discriminants in two folds, and how many groups they know.

    Args:
        vectors: [N D].
        codes: [N], UNKNOWN for none; groups of fewer than four images are left out.
        rng: draws the sample and the folds.

    Returns:
        NaN and 0 or 1 where there is nothing to tell apart.
    """
    rows = np.flatnonzero(codes != UNKNOWN)
    rows = rows if len(rows) <= PROBED else rng.choice(rows, PROBED, replace=False)
    sizes = np.bincount(codes[rows])
    rows = rows[sizes[codes[rows]] >= FEWEST]
    known, labels = np.unique(codes[rows], return_inverse=True)
    if len(known) < 2:
        return float("nan"), len(known)
    folds = StratifiedKFold(2, shuffle=True, random_state=int(rng.integers(2**31)))
    probe = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    told: Array = cross_val_predict(probe, vectors[rows], labels, cv=folds)
    return float(balanced_accuracy_score(labels, told)), len(known)


def _leak(column: str, codes: Indices, neighbours: Indices, vectors: Floats, seed: int) -> Leak:
    probe, known = linear_probe(vectors, codes, np.random.default_rng(seed))
    return Leak(
        column=column,
        groups=len(np.unique(codes[codes != UNKNOWN])),
        neighbours=float(np.nanmean(neighbour_shares(neighbours, codes))),
        chance=chance_share(codes),
        probe=probe,
        probe_chance=1 / known if known else float("nan"),
    )


def _measures(table: ImageTable, column: str) -> bool:
    """Whether a column is a measure, such as a place or a time, rather than the name of a group."""
    values = table.column(column)
    return column not in NAMES and pd.api.types.is_numeric_dtype(values) and values.nunique() > FEW


def _makes_groups(codes: Indices) -> bool:
    """Whether a column tells groups apart: at least two, and mostly of several images each."""
    named = codes[codes != UNKNOWN]
    return 2 <= len(np.unique(named)) <= min(MOST_GROUPS, len(named) // 2)
