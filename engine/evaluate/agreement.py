"""Agreement between annotators: Cohen's kappa for two, Fleiss' kappa for all, and the images they differ on.

Kappa is (agreement - chance) / (1 - chance): 0 is what two who know nothing of the images would reach with the same
shares of classes, 1 is full agreement. Cohen, Educational and Psychological Measurement 1960,
https://doi.org/10.1177/001316446002000104; Fleiss, Psychological Bulletin 1971, https://doi.org/10.1037/h0031619.
Differs: Fleiss has the same number of labels for each image. Here images may have two labels or more; an image weighs
the same however many it has, which is Fleiss' kappa where all have as many.

Whoever labels an image sees what was said of it before, unless each works under a name and a project of their own; then
agreement is higher than it would be otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from engine.evaluate.bootstrap import resample_tables
from engine.evaluate.scores import RESAMPLES, TAILS
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import Array, Indices

WORDS = (  # from which kappa on; Landis and Koch, Biometrics 1977, https://doi.org/10.2307/2529310
    (0.8, "almost perfect"),
    (0.6, "substantial"),
    (0.4, "moderate"),
    (0.2, "fair"),
    (0.0, "slight"),
)


@dataclass(frozen=True)
class Kappa:
    """How far people agree beyond chance."""

    people: list[str]
    images: int  # that all two, or at least two of more, have labelled
    agreement: float  # share of pairs of labels that are the same, in [0, 1]
    kappa: float | None  # None where all labels are of one class: nothing to agree on
    interval: list[float]  # of kappa, 95 %, had other images been labelled; empty where it cannot be told

    @property
    def word(self) -> str:
        """The agreement in a word."""
        if self.kappa is None:
            return "not defined"
        return next((word for least, word in WORDS if self.kappa >= least), "worse than chance")


@dataclass(frozen=True)
class Conflict:
    """An image that people call differently."""

    id: str
    path: str
    said: dict[str, str]  # person → class
    settled: str  # class that a person has settled on; "" while it is open


@dataclass(frozen=True)
class Agreement:
    """How people agree on the images that several of them labelled."""

    images: int  # with labels of two people or more
    people: list[str]  # who have labelled, most labels first
    pairs: list[Kappa]  # of each two with an image in common, most images first
    together: Kappa | None  # of all, by Fleiss; None with fewer than three people
    conflicts: list[Conflict]  # open ones first

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        if not self.images:
            had = ("Nobody has labelled yet", "One person has labelled")
            alone = had[len(self.people)] if len(self.people) < 2 else "No two people have labelled the same image"
            return f"{alone}, so there is no agreement to measure. Let a second person label some of the images again."
        whole = self.together or self.pairs[0]
        open_ones = sum(not one.settled for one in self.conflicts)
        beyond = f"kappa {whole.kappa:.2f}, {whole.word}" if whole.kappa is not None else "all labels are of one class"
        return (
            f"{len(whole.people)} people agree in {whole.agreement:.0%} of their labels of {whole.images:,} images "
            f"({beyond}); {open_ones:,} image{'' if open_ones == 1 else 's'} to settle."
        )


def agreement(project: Project, store: LabelStore | None = None, seed: int = 0) -> Agreement:
    """How far the people of a project agree; each counts with their last word on an image.

    Args:
        store: the project's label store, if one is at hand that has read the log before.
        seed: of the intervals.
    """
    store = store or LabelStore(project)
    ratings = store.ratings()
    people = [str(who) for who in ratings["who"].value_counts().index]
    names = sorted(set(ratings["class"]))
    several = ratings[ratings.groupby("image")["who"].transform("size") > 1]
    wide = several.pivot(index="image", columns="who", values="class")
    pairs = []
    for first, second in combinations([who for who in people if who in wide], 2):
        both = wide[[first, second]].dropna()
        if len(both):
            codes = both.apply(lambda said: pd.Categorical(said, names).codes).to_numpy(np.int64)
            pairs.append(cohen(codes[:, 0], codes[:, 1], len(names), [first, second], seed))
    several_people = len(wide.columns) > 2
    counts = np.stack([(wide == name).sum(axis=1) for name in names], axis=1) if several_people else None
    return Agreement(
        images=len(wide),
        people=people,
        pairs=sorted(pairs, key=lambda pair: -pair.images),
        together=None if counts is None else fleiss(counts, [str(who) for who in wide.columns], seed),
        conflicts=_conflicts(project, store, wide),
    )


def cohen(first: Indices, second: Indices, classes: int, people: list[str], seed: int = 0) -> Kappa:
    """Cohen's kappa of two people.

    Args:
        first: class code by the one of each image [N], N ≥ 1.
        second: by the other [N].
        classes: L, codes run from 0 to L - 1.
        people: who they are.
        seed: of the interval.
    """
    cells = first * classes + second

    def kappas(tables: Array) -> tuple[Array, Array]:
        shares = tables.reshape(-1, classes, classes) / len(cells)
        same = np.trace(shares, axis1=1, axis2=2)
        return same, _beyond(same, (shares.sum(axis=1) * shares.sum(axis=2)).sum(axis=1))

    return _kappa(cells, classes**2, kappas, people, seed)


def fleiss(counts: Array, people: list[str], seed: int = 0) -> Kappa:
    """Fleiss' kappa of any number of people.

    Args:
        counts: how many call each image each class [N L]; two labels an image or more, N ≥ 1.
        people: who they are.
        seed: of the interval.
    """
    patterns, cells = np.unique(counts, axis=0, return_inverse=True)  # few, however many images
    labels = patterns.sum(axis=1)
    alike = (patterns * (patterns - 1)).sum(axis=1) / (labels * (labels - 1))  # share of pairs that agree
    shares = patterns / labels[:, None]

    def kappas(tables: Array) -> tuple[Array, Array]:
        same = tables @ alike / len(counts)
        return same, _beyond(same, ((tables @ shares / len(counts)) ** 2).sum(axis=1))

    return _kappa(cells.reshape(-1), len(patterns), kappas, people, seed)


def _kappa(
    cells: Indices, count: int, kappas: Callable[[Array], tuple[Array, Array]], people: list[str], seed: int
) -> Kappa:
    """Kappa and its interval; `kappas` makes agreement [R] and kappa [R] of tables [R count] of images by cell."""
    same, kappa = kappas(np.bincount(cells, minlength=count)[None])
    drawn = resample_tables(cells, count, None, RESAMPLES, np.random.default_rng(seed))
    known = np.zeros(0) if drawn is None else kappas(drawn)[1]
    known = known[np.isfinite(known)]
    return Kappa(
        people=people,
        images=len(cells),
        agreement=float(same[0]),
        kappa=float(kappa[0]) if np.isfinite(kappa[0]) else None,
        interval=[float(value) for value in np.percentile(known, TAILS)] if len(known) else [],
    )


def _beyond(same: Array, chance: Array) -> Array:
    """(agreement - chance) / (1 - chance), NaN where chance alone agrees fully."""
    room = 1 - chance
    kappa: Array = np.divide(same - chance, room, out=np.full_like(room, np.nan), where=room > 1e-12)
    return kappa


def _conflicts(project: Project, store: LabelStore, wide: pd.DataFrame) -> list[Conflict]:
    """The images with more than one class, open ones first."""
    differing = wide[wide.nunique(axis=1) > 1]
    if differing.empty:
        return []
    table = read_table(project)
    path_of = dict(zip(table.ids.tolist(), table.paths.tolist(), strict=True))
    current, confirmed = store.current().set_index("image")["class"], set(store.confirmed())
    found = [
        Conflict(
            id=str(image),
            path=str(path_of.get(image, "")),
            said={str(who): str(name) for who, name in said.dropna().items()},
            settled=str(current[image]) if image in confirmed else "",
        )
        for image, said in differing.iterrows()
    ]
    return sorted(found, key=lambda one: bool(one.settled))
