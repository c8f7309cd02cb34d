"""Poisson learning: labels are sources and sinks, and each image's answer is the height of the flow between them.

Calder, Cook, Thorpe and Slepčev, ICML 2020, https://arxiv.org/abs/2006.11184: (D - W) u = Σᵢ (yᵢ - ȳ) δᵢ under
Σ dᵢ uᵢ = 0. Where labels are one or a few a class, Laplace learning without its mass normalisation is flat but for
spikes at the labels; here labels push instead of hold. Solved by conjugate gradients on the symmetric form
(I - S) D^1/2 u = D^-1/2 (y - ȳ).
Differs: solved to the end, where the paper stops its iteration when a random walk from the labels has mixed; each part
of the graph that no path joins to the others has a mean ȳ of its own, and one with labels of a single class takes that
class. A class's heights are divided by its share of the labels, the paper's decision for classes alike in number. The
paper names classes only: probabilities are a softmax of heights over their root mean square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from engine.propagate.base import PROPAGATIONS, Answer
from engine.propagate.solve import components, degrees, inverse_root, one_hot, reached, solve, symmetric_normal
from engine.settings import setting
from engine.types import UNKNOWN, Array, Floats, Indices

TOLERANCE = 3e-3  # residual over right-hand side, for each class; finer ones change fewer than one answer in 2,000


@dataclass(frozen=True)
class PoissonConfig:
    """What Poisson learning can be told."""

    neighbours: int = setting(15, "nearest neighbours that an image listens to", minimum=1, maximum=30, symbol="k")
    class_mass: str = setting(
        "uniform", "how often classes occur: each the same, or as among the labels", choices=("uniform", "labels")
    )
    sharpness: float = setting(1.5, "how fast probability grows with height", minimum=0.1, maximum=100, advanced=True)


@PROPAGATIONS.register("poisson")
class Poisson:
    """Poisson learning: labels are sources and sinks, and each image answers by the flow that passes it.

    Calder et al., ICML 2020, https://arxiv.org/abs/2006.11184. Made for one label a class or a few.
    """

    name: ClassVar[str]
    Config = PoissonConfig

    def __init__(self, config: PoissonConfig, tolerance: float = TOLERANCE) -> None:
        self.config = config
        self.tolerance = tolerance

    def answer(self, affinity: csr_array, labels: Indices, classes: int, start: Floats | None = None) -> Answer:
        """The heights as probabilities; see Propagator."""
        part, seeds = components(affinity), one_hot(labels, classes)
        found = reached(part, labels)
        degree = degrees(affinity)
        scale = inverse_root(degree)[:, None]
        sources = sources_and_sinks(part, seeds, labels)
        first = None if start is None else np.where(found[:, None], start, 0)
        solution, steps = solve(symmetric_normal(affinity), scale * sources, 1.0, first, self.tolerance)
        heights = level(scale * solution, degree, part)
        counts = seeds.sum(axis=0)
        if self.config.class_mass == "uniform":
            heights = heights / np.maximum(counts, 1)
        return Answer(self._probabilities(heights, found, counts > 0, part, seeds), solution, steps)

    def _probabilities(self, heights: Floats, found: Array, seen: Array, part: Indices, seeds: Floats) -> Floats:
        """Softmax over the classes seen [N L]; rows of 0 where no label reaches."""
        size = np.sqrt(np.mean(heights[found][:, seen] ** 2)) if found.any() else 0.0
        scores = np.where(seen, heights * (self.config.sharpness / max(float(size), 1e-12)), -np.inf)
        there = sums_by(part, seeds) > 0  # [P L] the classes of each part of the graph
        single = there.sum(axis=1) == 1
        scores = np.where(single[part][:, None], np.where(there[part], 0, -np.inf), scores)
        raised = np.exp(scores - scores.max(axis=1, keepdims=True)) * found[:, None]
        total = raised.sum(axis=1, keepdims=True)
        shares: Floats = np.divide(raised, total, out=np.zeros_like(raised), where=total > 0).astype(np.float32)
        return shares


def sources_and_sinks(part: Indices, seeds: Floats, labels: Indices) -> Floats:
    """yᵢ - ȳ at the labels and 0 elsewhere [N L], ȳ being the mean of the labels in the image's part of the graph."""
    known = labels != UNKNOWN
    counts = np.maximum(np.bincount(part[known], minlength=int(part.max()) + 1), 1)
    mean = sums_by(part, seeds) / counts[:, None]
    sources: Floats = np.where(known[:, None], seeds - mean[part], 0).astype(np.float32)
    return sources


def level(heights: Floats, degree: Floats, part: Indices) -> Floats:
    """Heights [N L] less their mean by degree in each part of the graph."""
    weight = np.maximum(np.bincount(part, degree), 1e-30)
    mean = sums_by(part, heights * degree[:, None]) / weight[:, None]
    levelled: Floats = (heights - mean[part]).astype(np.float32)
    return levelled


def sums_by(part: Indices, values: Floats) -> Array:
    """Sums of the rows [N L] of each part [P L]."""
    return np.stack([np.bincount(part, column) for column in values.T], axis=1)
