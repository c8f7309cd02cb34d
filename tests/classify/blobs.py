"""Synthetic classes for the classifiers' tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.classify import CLASSIFIERS, Task
from engine.types import UNKNOWN, Floats, Indices


def blobs(sizes: Sequence[int], apart: float, seed: int = 0, width: int = 16) -> tuple[Floats, Indices]:
    """Vectors [N D] around one centre a class, with noise of length 1 in all, and the class of each."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    centres = np.linalg.qr(rng.normal(size=(width, width)))[0][: len(sizes)]
    vectors = centres[truth] * apart + rng.normal(size=(len(truth), width)) / np.sqrt(width)
    return vectors.astype(np.float32), truth


def some(truth: Indices, counts: Sequence[int], classes: Sequence[int] | None = None) -> Indices:
    """Labels [N]: the first so many images of each class."""
    labels = np.full(len(truth), UNKNOWN)
    for one, count in zip(range(len(counts)) if classes is None else classes, counts, strict=True):
        labels[np.flatnonzero(truth == one)[:count]] = one
    return labels


def answer(name: str, task: Task) -> Floats:
    part = CLASSIFIERS[name]
    return part(part.Config()).answer(task).probabilities
