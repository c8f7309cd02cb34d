"""Answers against the truth: accuracy, balanced accuracy, F1, confusion, each with an interval from whole groups.

An image without an answer counts as wrong everywhere, so keeping silent never improves a score. Averages over classes
run over the classes that occur in the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.evaluate.bootstrap import resample_tables
from engine.evaluate.reliability import Reliability
from engine.types import UNKNOWN, Array, Indices

MEASURES = ("accuracy", "balanced_accuracy", "macro_f1")
RESAMPLES = 1000  # the ends of a 95 % interval then rest on 25 resamples each
TAILS = (2.5, 97.5)  # percentiles


@dataclass(frozen=True)
class Scores:
    """How answers compare with the truth. Shares lie between 0 and 1; an interval covers 95 %."""

    images: int  # that were scored
    labelled: int  # with known truth but labelled by hand, hence left out
    unanswered: int  # of the scored ones, without an answer; counted as wrong
    accuracy: float
    balanced_accuracy: float  # mean over classes of the share found
    macro_f1: float  # mean over classes of the harmonic mean of precision and recall
    intervals: dict[str, list[float]]  # measure → [low, high]; empty where there is but one group to draw from
    classes: list[str]  # [L] that the truth or an answer names
    per_class: list[dict[str, float | int | str]]  # class, images, answers, unanswered, precision, recall, f1
    confusion: list[list[int]]  # [L L], a row for each true class, a column for each answer
    group: str = ""  # column whose groups were resampled whole; "" for single images
    groups: int = 0  # how many there were
    unmatched: list[str] = field(default_factory=list)  # paths in the truth that name no image, or several
    conflicting: list[str] = field(default_factory=list)  # paths to which the truth gives several classes; left out
    embedding: str = ""
    method: str = ""
    calibration: Reliability | None = None  # of the answers' probabilities; None where they were not given

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        low_high = self.intervals.get("balanced_accuracy")
        sure = f" ({low_high[0]:.3f} to {low_high[1]:.3f} in 95 of 100)" if low_high else ""
        silent = f", {self.unanswered:,} of them without an answer" if self.unanswered else ""
        sure_of_it = f" {self.calibration.sentence}" if self.calibration else ""
        lost = f" {len(self.unmatched):,} paths of the truth match no image." if self.unmatched else ""
        return (
            f"Balanced accuracy {self.balanced_accuracy:.3f}{sure}, accuracy {self.accuracy:.3f}, macro F1 "
            f"{self.macro_f1:.3f} on {self.images:,} images not labelled by hand{silent}.{lost}{sure_of_it}"
        )


def score(
    predicted: Indices, truth: Indices, classes: list[str], groups: Indices | None = None, seed: int = 0
) -> Scores:
    """Score answers.

    Args:
        predicted: class code per image [N], UNKNOWN where there is no answer.
        truth: class code per image [N], N ≥ 1, none UNKNOWN.
        classes: names [L] by code.
        groups: group code per image [N], UNKNOWN where it belongs to none; images of a group are not independent, so
            intervals are drawn from whole groups. None draws single images.
        seed: of the intervals.
    """
    assert len(predicted) == len(truth) > 0
    owners = owners_of(groups, len(truth))
    cells = truth * (len(classes) + 1) + np.where(predicted == UNKNOWN, len(classes), predicted)
    count = len(classes) * (len(classes) + 1)
    table = np.bincount(cells, minlength=count).reshape(len(classes), -1)
    measured = measure(table[None])
    intervals = {}
    drawn = resample_tables(cells, count, owners, RESAMPLES, np.random.default_rng(seed))
    if drawn is not None:
        for name, values in measure(drawn.reshape(RESAMPLES, len(classes), -1)).items():
            intervals[name] = [float(value) for value in np.percentile(values, TAILS)]
    return Scores(
        images=len(truth),
        labelled=0,
        unanswered=int(table[:, -1].sum()),
        accuracy=float(measured["accuracy"][0]),
        balanced_accuracy=float(measured["balanced_accuracy"][0]),
        macro_f1=float(measured["macro_f1"][0]),
        intervals=intervals,
        classes=list(classes),
        per_class=_per_class(table, classes),
        confusion=[[int(cell) for cell in row] for row in table[:, :-1]],
        groups=len(truth) if owners is None else int(owners.max()) + 1,
    )


def measure(tables: Array) -> dict[str, Array]:
    """Every measure [R] of many tables [R L L+1] of true class × answer, the last column without an answer."""
    images, hits, answers = tables.sum(axis=2), np.diagonal(tables, axis1=1, axis2=2), tables[:, :, :-1].sum(axis=1)
    present = images > 0
    recall = _divide(hits, images)
    f1 = _divide(2 * hits, images + answers)
    classes = present.sum(axis=1)
    return {
        "accuracy": hits.sum(axis=1) / images.sum(axis=1),
        "balanced_accuracy": (recall * present).sum(axis=1) / classes,
        "macro_f1": (f1 * present).sum(axis=1) / classes,
    }


def _per_class(table: Array, classes: list[str]) -> list[dict[str, float | int | str]]:
    images, hits, answers = table.sum(axis=1), np.diagonal(table), table[:, :-1].sum(axis=0)
    precision, recall, f1 = _divide(hits, answers), _divide(hits, images), _divide(2 * hits, images + answers)
    return [
        {
            "class": name,
            "images": int(images[code]),
            "answers": int(answers[code]),
            "unanswered": int(table[code, -1]),
            "precision": float(precision[code]),
            "recall": float(recall[code]),
            "f1": float(f1[code]),
        }
        for code, name in enumerate(classes)
    ]


def owners_of(groups: Indices | None, count: int) -> Indices | None:
    """A group 0 … G-1 for each image [N]; an image that belongs to none is its own group."""
    if groups is None:
        return None
    alone = np.where(groups == UNKNOWN, groups.max(initial=0) + 1 + np.arange(count), groups)
    owners: Indices = np.unique(alone, return_inverse=True)[1]
    return owners


def _divide(part: Array, whole: Array) -> Array:
    """part / whole, 0 where the whole is 0."""
    return np.asarray(part / np.maximum(whole, 1))
