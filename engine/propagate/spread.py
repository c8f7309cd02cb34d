"""Label spreading: each image takes part of its answer from its neighbours, part from the label it was given.

Zhou et al., NIPS 2003, https://papers.nips.cc/paper/2003/hash/87682805257e619d49b8e0dfdc14affa-Abstract.html:
F = (1 - α) (I - αS)⁻¹ Y with S = D^-1/2 W D^-1/2. Solved by conjugate gradients for all classes at once, each with its
own step (the matrix is symmetric and positive definite), as in Iscen et al., CVPR 2017, https://arxiv.org/abs/1611.05113.
Class masses are then normalised as in Zhu et al., ICML 2003, https://dl.acm.org/doi/10.5555/3041838.3041953, section 4,
with the same prior for every class unless told otherwise: what a person labelled first says little about how often it
occurs. On five real sets that wins up to 10 points of balanced accuracy over "labels" with labels drawn at random and
17 to 26 where one class has fifteen times the labels of another; it costs up to 19 points of plain accuracy where the
data are imbalanced and the labels a fair sample of them: then choose "labels"; "estimated" lies between (balance.py).
Labelled images are not clamped: one that all its neighbours contradict may get another answer; its label stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from engine.propagate.balance import CLASS_MASS, MASS_HELP, class_weights
from engine.propagate.base import PROPAGATIONS, Answer
from engine.propagate.solve import (
    TOLERANCE,
    components,
    conjugate_gradients,
    one_hot,
    reached,
    rows_to_one,
    symmetric_normal,
)
from engine.settings import setting
from engine.types import Floats, Indices


@dataclass(frozen=True)
class SpreadConfig:
    """What label spreading can be told."""

    alpha: float = setting(
        0.9, "share that an image takes from its neighbours", minimum=0.01, maximum=0.999, symbol="α"
    )
    neighbours: int = setting(15, "nearest neighbours that an image listens to", minimum=1, maximum=30, symbol="k")
    class_mass: str = setting("uniform", MASS_HELP, choices=CLASS_MASS, symbol="q")


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
        known = reached(components(affinity), labels)[:, None]
        seeds = one_hot(labels, classes)
        first = None if start is None else np.where(known, start, 0)
        matrix = symmetric_normal(affinity)
        solution, steps = conjugate_gradients(matrix, seeds, self.config.alpha, first, self.tolerance)
        raw = np.where(known, np.maximum(solution, 0), 0)
        balanced = raw * class_weights(raw, labels, self.config.class_mass)
        return Answer(rows_to_one(balanced), solution, steps)


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
