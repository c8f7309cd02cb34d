"""Label spreading: each image takes part of its answer from its neighbours, part from the label it was given.

Zhou et al., NIPS 2003, https://papers.nips.cc/paper/2003/hash/87682805257e619d49b8e0dfdc14affa-Abstract.html:
F = (1 - α) (I - αS)⁻¹ Y with S = D^-1/2 W D^-1/2. Solved by conjugate gradients for all classes at once, each with its
own step (the matrix is symmetric and positive definite), as in Iscen et al., CVPR 2017, https://arxiv.org/abs/1611.05113.
Class masses are then normalised as in Zhu et al., ICML 2003, https://dl.acm.org/doi/10.5555/3041838.3041953, section 4,
with the same prior for every class unless told otherwise: what a person labelled first says little about how often it
occurs. On five real sets that wins up to 10 points of balanced accuracy over "labels" with labels drawn at random and
17 to 26 where one class has fifteen times the labels of another; it costs up to 19 points of plain accuracy where the
data are imbalanced and the labels a fair sample of them: then choose "labels". Labelled images are not clamped: one
that all its neighbours contradict may get another answer; its label stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from engine.propagate.base import PROPAGATIONS, Answer
from engine.settings import setting
from engine.types import UNKNOWN, Array, Floats, Indices

TOLERANCE = 1e-6  # residual over right-hand side, for each class
MAXIMUM_STEPS = 500  # α = 0.999 needs about 300


@dataclass(frozen=True)
class SpreadConfig:
    """What label spreading can be told."""

    alpha: float = setting(
        0.9, "share that an image takes from its neighbours", minimum=0.01, maximum=0.999, symbol="α"
    )
    neighbours: int = setting(15, "nearest neighbours that an image listens to", minimum=1, maximum=30, symbol="k")
    class_mass: str = setting(
        "uniform",
        "how much of all answers a class may claim: the same for each, its share of the labels, or whatever comes out",
        choices=("uniform", "labels", "none"),
        symbol="q",
    )


@PROPAGATIONS.register("spread")
class Spread:
    """Label spreading: each image takes part of its answer from its neighbours, labelled ones part from their label.

    Zhou et al., NIPS 2003, https://papers.nips.cc/paper/2003/hash/87682805257e619d49b8e0dfdc14affa-Abstract.html,
    solved by conjugate gradients; class masses normalised as in Zhu et al., ICML 2003.
    """

    name: ClassVar[str]
    Config = SpreadConfig

    def __init__(self, config: SpreadConfig, tolerance: float = TOLERANCE) -> None:
        self.config = config
        self.tolerance = tolerance

    def answer(self, affinity: csr_array, labels: Indices, classes: int, start: Floats | None = None) -> Answer:
        """Spread labels over the graph; see Propagator."""
        reached = _reached(affinity, labels)
        seeds = _one_hot(labels, classes)
        first = None if start is None else np.where(reached[:, None], start, 0)
        matrix = symmetric_normal(affinity)
        solution, steps = conjugate_gradients(matrix, seeds, self.config.alpha, first, self.tolerance)
        raw = np.where(reached[:, None], np.maximum(solution, 0), 0)
        balanced = raw * _class_weights(raw, labels, classes, self.config.class_mass)
        return Answer(_rows_to_one(balanced), solution, steps)


def spread(
    affinity: csr_array,
    labels: Indices,
    classes: int,
    config: SpreadConfig | None = None,
    tolerance: float = TOLERANCE,
) -> Floats:
    """Spread labels over the graph.

    Args:
        affinity: [N N], symmetric, ≥ 0, zero diagonal.
        labels: class code [N], UNKNOWN where it is to be found.
        classes: L.
        tolerance: residual over right-hand side at which solving stops; 1e-3 takes half the time of the default.

    Returns:
        Probabilities [N L]; a row is zero where no label reaches the image.
    """
    return Spread(config or SpreadConfig(), tolerance).answer(affinity, labels, classes).probabilities


def symmetric_normal(affinity: csr_array) -> csr_array:
    """S = D^-1/2 W D^-1/2; the row of an image without neighbours stays zero."""
    degree = np.asarray(affinity.sum(axis=1)).ravel()
    scale = np.divide(1, np.sqrt(degree), out=np.zeros_like(degree), where=degree > 0)
    rows = np.repeat(np.arange(affinity.shape[0]), np.diff(affinity.indptr))
    values = affinity.data * scale[rows] * scale[affinity.indices]
    return csr_array((values, affinity.indices, affinity.indptr), shape=affinity.shape)


def conjugate_gradients(
    matrix: csr_array, seeds: Floats, alpha: float, start: Floats | None = None, tolerance: float = TOLERANCE
) -> tuple[Floats, int]:
    """Solve (I - αS) F = (1 - α) Y for all columns whose residual is above the tolerance; the others stay as they are.

    A new label changes the right-hand side of one class only, so with a warm start only that column is solved again.

    Args:
        matrix: S [N N], symmetric, eigenvalues in [-1, 1].
        seeds: Y [N L].
        start: where to begin [N L]; at zero by default.
        tolerance: residual over right-hand side, for each column.

    Returns:
        F [N L] and the steps it took.
    """
    target: Floats = (1 - alpha) * seeds
    solution = np.zeros_like(target) if start is None else start.astype(target.dtype)
    residual = (target - solution + alpha * (matrix @ solution)).astype(target.dtype, copy=False)
    goal = tolerance**2 * np.maximum(_square_sums(target), np.finfo(np.float32).tiny)
    work = np.flatnonzero(_square_sums(residual) > goal)
    change, steps = _descend(matrix, alpha, np.ascontiguousarray(residual[:, work]), goal[work] / 4)
    solution[:, work] += change
    return solution, steps


def _descend(matrix: csr_array, alpha: float, residual: Floats, goal: Array) -> tuple[Floats, int]:
    """The change [N l] that takes the residual [N l] below the goal [l]; a column that is there already rests."""
    change, direction = np.zeros_like(residual), residual.copy()
    squares = _square_sums(residual)
    for step in range(MAXIMUM_STEPS):
        working = squares > goal
        if not working.any():
            return change, step
        image = direction - alpha * (matrix @ direction)
        length = _ratio(squares, np.einsum("nl,nl->l", direction, image), working)
        change += length * direction
        residual -= length * image
        squares, before = _square_sums(residual), squares
        direction *= _ratio(squares, before, working)
        direction += residual
    return change, MAXIMUM_STEPS


def _reached(affinity: csr_array, labels: Indices) -> Array:
    """Whether a path leads from some label to the image [N]."""
    _, component = connected_components(affinity, directed=False)
    reached: Array = np.isin(component, component[labels != UNKNOWN])
    return reached


def _one_hot(labels: Indices, classes: int) -> Floats:
    seeds = np.zeros((len(labels), classes), np.float32)
    known = np.flatnonzero(labels != UNKNOWN)
    seeds[known, labels[known]] = 1
    return seeds


def _class_weights(raw: Floats, labels: Indices, classes: int, class_mass: str) -> Array:
    """What to multiply each class with [L], so that its share of all answers becomes the wanted one."""
    if class_mass == "none":
        return np.ones(classes, np.float32)
    counts = np.bincount(labels[labels != UNKNOWN], minlength=classes)
    wanted = (counts + 1.0) if class_mass == "labels" else np.ones(classes)
    mass = raw.sum(axis=0, dtype=np.float64)
    weights: Floats = np.divide(wanted, mass, out=np.zeros(classes), where=mass > 0).astype(np.float32)
    return weights


def _rows_to_one(values: Floats) -> Floats:
    total = values.sum(axis=1, keepdims=True)
    probabilities: Floats = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    return probabilities


def _square_sums(block: Floats) -> Array:
    sums: Array = np.einsum("nl,nl->l", block, block)
    return sums


def _ratio(above: Array, below: Array, working: Array) -> Array:
    """above / below where the column is still working, 0 where it rests."""
    ratio: Array = np.divide(above, below, out=np.zeros_like(above), where=working & (below > 0))
    return ratio
