"""Whether one row of a bench is better than another: by the difference of each draw, since all rows see the same draws.

An interval over draws says how far a score moves with other labels of the same images, not with another training of the
same method, nor with other images. Where each training was repeated, its repeats stand in place of draws, each with
draws of its own, and a difference pairs those of one seed: both are then counted. The halves of “disjoint” overlap from
draw to draw, which makes its intervals somewhat too short (Nadeau and Bengio, Machine Learning 2003,
https://doi.org/10.1023/A:1024068626366).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.bench.results import Results
from engine.bench.score import interval

Row = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One column of scores: which classifier, from how many labels, on which folds."""

    classifier: str
    labels: int
    folds: str


@dataclass(frozen=True)
class Difference:
    """How much better one row is than another, in balanced accuracy."""

    mean: float
    low: float  # ends of the 95 % interval of the paired difference
    high: float

    @property
    def clear(self) -> bool:
        """Whether the draws tell the two apart."""
        return self.low > 0 or self.high < 0

    @property
    def in_points(self) -> str:
        """As “+2.3 (+0.4 to +4.2)”, in points of balanced accuracy."""
        return f"{self.mean * 100:+z.1f} ({self.low * 100:+z.1f} to {self.high * 100:+z.1f})"


def score_of(row: Row, question: Question) -> Row | None:
    """The score of a row, None where it was not asked."""
    wanted = (question.classifier, question.labels, question.folds)
    return next((one for one in row["scores"] if (one["classifier"], one["labels"], one["folds"]) == wanted), None)


def strictest(results: Results, classifier: str = "linear") -> Question:
    """What to look at first: the most labels, on disjoint folds where there are groups."""
    settings = results["settings"]
    return Question(classifier, max(settings["labels"]), "disjoint" if settings["group"] else "all")


def ranked(results: Results, question: Question) -> list[Row]:
    """Rows with this score, best first."""
    scored = [(score["mean"], row) for row in results["rows"] if (score := score_of(row, question))]
    return [row for _, row in sorted(scored, key=lambda one: -one[0])]


def difference(row: Row, other: Row, question: Question) -> Difference | None:
    """The paired difference; None where either was not scored on the same draws."""
    mine, theirs = score_of(row, question), score_of(other, question)
    if not mine or not theirs or len(mine["per_seed"]) != len(theirs["per_seed"]) or _seeds(row) != _seeds(other):
        return None
    gains = np.subtract(mine["per_seed"], theirs["per_seed"])
    low, high = interval(list(gains))
    return Difference(float(gains.mean()), low, high)


def first_of_kind(rows: Sequence[Row], row: Row, prior: str) -> Row | None:
    """The row that differs from this one in its prior alone, which is `prior`; None for that row itself."""
    same = ("method", "encoder", "init")
    alike = (one for one in rows if one["prior"] == prior and all(one[name] == row[name] for name in same))
    return None if is_null(row) or row["prior"] == prior else next(alike, None)


def first_prior(results: Results) -> str:
    """The prior that the others are compared with; "" where nobody knows."""
    priors: Sequence[str] = results["settings"].get("priors") or [""]
    return priors[0]


def random_row(results: Results, encoder: str) -> Row | None:
    """The row of an encoder's random weights."""
    rows = results["rows"]
    return next((row for row in rows if is_null(row) and row["init"] == "random" and row["encoder"] == encoder), None)


def pretrained_row(results: Results) -> Row | None:
    """The row of frozen ImageNet features."""
    return next((row for row in results["rows"] if is_null(row) and row["init"] == "imagenet"), None)


def is_null(row: Row) -> bool:
    """Whether nothing was trained for this row."""
    return not row["method"]


def verdict(results: Results, row: Row, question: Question) -> str:
    """What may be said of a trained row, in a sentence; "" where there is nothing to compare with."""
    said = []
    for other, name in ((random_row(results, row["encoder"]), "random weights"), (pretrained_row(results), "ImageNet")):
        gain = difference(row, other, question) if other else None
        if gain:
            said.append(_words(gain, name))
    return "; ".join(said)


def _seeds(row: Row) -> list[int]:
    return [one["repeat"] for one in row.get("repeats", [])]


def _words(gain: Difference, name: str) -> str:
    points = f"{abs(gain.mean) * 100:.1f} points"
    if not gain.clear:
        return f"not told apart from {name} ({gain.mean * 100:+.1f} points)"
    return f"{points} {'above' if gain.mean > 0 else 'below'} {name}"
