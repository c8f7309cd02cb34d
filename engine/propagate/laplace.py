"""Laplace learning: every image without a label takes the mean of its neighbours' answers, labelled ones keep theirs.

Zhu, Ghahramani and Lafferty, ICML 2003, https://dl.acm.org/doi/10.5555/3041838.3041953: the harmonic function
f = (D - W)⁻¹ W Y on the images without label, the chance that a random walk from the image meets a label of the class
first; then class mass normalisation (see balance.py), without which a few labels give nearly all images to one class.
Solved by conjugate gradients on the symmetric form (I - S) D^1/2 f = D^-1/2 W Y.
Differs: shares of classes are estimated from the answers unless told otherwise; the paper takes them as known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from engine.propagate.balance import CLASS_MASS, MASS_HELP, class_weights
from engine.propagate.base import PROPAGATIONS, Answer
from engine.propagate.solve import (
    components,
    degrees,
    inverse_root,
    one_hot,
    reached,
    rows_to_one,
    solve,
    symmetric_normal,
)
from engine.settings import setting
from engine.types import UNKNOWN, Array, Floats, Indices

TOLERANCE = 3e-3  # residual over right-hand side, for each class; finer ones change fewer than one answer in 2,000


@dataclass(frozen=True)
class LaplaceConfig:
    """What Laplace learning can be told."""

    neighbours: int = setting(15, "nearest neighbours that an image listens to", minimum=1, maximum=30, symbol="k")
    class_mass: str = setting("estimated", MASS_HELP, choices=CLASS_MASS, symbol="q")


@PROPAGATIONS.register("laplace")
class Laplace:
    """Laplace learning: every image takes the mean of its neighbours' answers, and labelled ones keep their label.

    Zhu et al., ICML 2003, https://dl.acm.org/doi/10.5555/3041838.3041953. The chance that a walk along the neighbours
    meets a label of the class first; class masses are normalised, which few labels need.
    """

    name: ClassVar[str]
    Config = LaplaceConfig

    def __init__(self, config: LaplaceConfig, tolerance: float = TOLERANCE) -> None:
        self.config = config
        self.tolerance = tolerance

    def answer(self, affinity: csr_array, labels: Indices, classes: int, start: Floats | None = None) -> Answer:
        """The harmonic function with class masses normalised; see Propagator."""
        seeds, known = one_hot(labels, classes), labels != UNKNOWN
        scale = inverse_root(degrees(affinity))[:, None]
        open_rows = reached(components(affinity), labels) & ~known
        target = np.where(open_rows[:, None], scale * (affinity @ seeds), 0).astype(np.float32)
        first = None if start is None else np.where(open_rows[:, None], start, 0)
        matrix = without(symmetric_normal(affinity), known)
        solution, steps = solve(matrix, target, 1.0, first, self.tolerance)
        harmonic = np.maximum(scale * solution, 0)
        balanced = harmonic * class_weights(harmonic, labels, self.config.class_mass)
        balanced[known] = seeds[known]
        return Answer(rows_to_one(balanced), solution, steps)


def without(matrix: csr_array, rows: Array) -> csr_array:
    """A matrix [N N] whose marked rows and columns [N] are 0."""
    kept = (~rows).astype(matrix.data.dtype)
    own = np.repeat(kept, np.diff(matrix.indptr))
    return csr_array((matrix.data * own * kept[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)
