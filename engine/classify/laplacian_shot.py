"""LaplacianShot: near a class mean, and of the same class as the nearest neighbours.

Ziko et al., ICML 2020, https://arxiv.org/abs/2006.15486: minimise Σ y · ‖x - mean‖² + λ/2 Σ w ‖yₚ - y_q‖² over soft
answers, by the bound updates y ← softmax(-‖x - mean‖² + λ W y), every image at once. W is 1 for the 3 nearest. Differs:
labelled images keep their label and stand in the graph too; means are not shifted by the difference between
labelled and other images, since both are centred together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from engine.classify.base import CLASSIFIERS, Answer, Task, class_means, one_hot, softmax
from engine.geometry.distances import squared_distances
from engine.settings import setting
from engine.types import Floats

STEPS = 50  # at most
STILL = 1e-4  # mean change of an answer that ends the updates


@dataclass(frozen=True)
class LaplacianShotConfig:
    """What LaplacianShot can be told."""

    neighbours: int = setting(3, "nearest neighbours that shall agree", minimum=1, maximum=30, symbol="k")
    agreement: float = setting(1.0, "weight of a neighbour's answer", minimum=0, maximum=100, symbol="λ")


@CLASSIFIERS.register("laplacian_shot")
class LaplacianShot:
    """LaplacianShot: near a class mean, and of the same class as the nearest neighbours.

    Ziko et al., ICML 2020, https://arxiv.org/abs/2006.15486.
    """

    name: ClassVar[str]
    Config = LaplacianShotConfig

    def __init__(self, config: LaplacianShotConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        means = class_means(task.directions[task.support], task.codes, len(task.seen))
        cost = squared_distances(task.directions, means)
        graph = nearest_alike(task, self.config.neighbours)
        given = one_hot(task.codes, len(task.seen))
        answers = softmax(-cost)
        for _ in range(STEPS):
            answers[task.support] = given
            after = softmax(self.config.agreement * (graph @ answers) - cost)
            change = float(np.abs(after[task.queries] - answers[task.queries]).mean()) if len(task.queries) else 0.0
            answers = after
            if change < STILL:
                break
        answers[task.support] = given
        return Answer(task.for_all(answers))


def energy(answers: Floats, cost: Floats, graph: csr_array, agreement: float) -> float:
    """What an update never raises where the graph is symmetric: Σ y ln y + Σ y · cost - λ/2 Σ w yₚ · y_q."""
    entropy = (answers * np.log(np.maximum(answers, 1e-20))).sum()
    return float(entropy + (answers * cost).sum() - agreement / 2 * (answers * (graph @ answers)).sum())


def nearest_alike(task: Task, count: int) -> csr_array:
    """1 from each image to its nearest [N N]."""
    indices = task.neighbours.indices[:, :count]
    images, count = indices.shape
    starts = np.arange(0, images * count + 1, count)
    ones = np.ones(indices.size, np.float32)
    return csr_array((ones, np.ascontiguousarray(indices).ravel(), starts), shape=(images, images))
