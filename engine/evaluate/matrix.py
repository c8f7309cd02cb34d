"""The confusion of a Scores as a table to draw: counts, shares of the true class, names of rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.evaluate.scores import Scores


@dataclass(frozen=True)
class Matrix:
    """A row for each class that the truth has, a column for each that it was taken for."""

    truth: list[str]  # [R]
    answers: list[str]  # [A]; “unknown” last, where images have no answer
    counts: list[list[int]]  # [R A]
    shares: list[list[float]]  # [R A], of the row, in [0, 1]


def matrix(scores: Scores) -> Matrix:
    """The matrix of these scores."""
    counts = np.asarray(scores.confusion, np.int64)
    present = np.asarray([one["images"] for one in scores.per_class], np.int64) > 0
    answered = counts.any(axis=0) | present
    answers = [name for name, kept in zip(scores.classes, answered, strict=True) if kept]
    shown = counts[np.ix_(present, answered)]
    if scores.unanswered:
        silent = np.asarray([one["unanswered"] for one in scores.per_class], np.int64)
        shown = np.column_stack([shown, silent[present]])
        answers.append("unknown")
    return Matrix(
        truth=[name for name, kept in zip(scores.classes, present, strict=True) if kept],
        answers=answers,
        counts=shown.tolist(),
        shares=(shown / shown.sum(axis=1, keepdims=True)).tolist(),
    )
