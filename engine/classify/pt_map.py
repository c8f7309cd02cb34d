"""PT-MAP: features made more Gaussian, and class means that share all images out evenly.

Hu et al., ICANN 2021, https://arxiv.org/abs/2006.03806. PT: each feature to the power ½, at length 1, centred, at
length 1 again. MAP: 20 rounds in which images are shared out over the class means by optimal transport (Sinkhorn, λ =
10; every image once, every class as many) and each mean moves by α towards those it got. Differs: features below 0,
which the paper's networks do not have, keep their sign; labelled and other images are centred together; the QR
reduction is left out, as it changes no distance; above 5,000 images without label the means are found on a random
sample of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.base import CLASSIFIERS, Answer, Task, class_means, one_hot, some_queries
from engine.geometry.distances import squared_distances
from engine.geometry.neighbours import at_length_one, centred_directions
from engine.settings import setting
from engine.types import Floats

SHARINGS = 200  # alternations of Sinkhorn at most
EVEN = 1e-3  # how far from once an image may be shared out


@dataclass(frozen=True)
class PtMapConfig:
    """What PT-MAP can be told."""

    power: float = setting(0.5, "to which features are raised", minimum=0.1, maximum=1, symbol="β", advanced=True)
    sharpness: float = setting(
        10.0, "of the transport: large ones decide for one class", minimum=0.1, maximum=1000, symbol="λ", advanced=True
    )
    pace: float = setting(0.2, "how far a mean moves in a round", minimum=0.01, maximum=1, symbol="α", advanced=True)
    rounds: int = setting(20, "in which means move", minimum=1, maximum=1000, advanced=True)


@CLASSIFIERS.register("pt_map")
class PtMap:
    """PT-MAP: features made more Gaussian, and class means that share all images out evenly.

    Hu et al., ICANN 2021, https://arxiv.org/abs/2006.03806. Takes classes to be of even size: very strong there from
    one label on, poor elsewhere.
    """

    name: ClassVar[str]
    Config = PtMapConfig

    def __init__(self, config: PtMapConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        points = centred_directions(at_length_one(power_transform(np.asarray(task.vectors), self.config.power)))
        support, given = points[task.support], one_hot(task.codes, len(task.seen))
        means = class_means(support, task.codes, len(task.seen))
        queries = points[some_queries(task)]
        for _ in range(self.config.rounds if len(queries) else 0):
            shares = share_evenly(squared_distances(queries, means), self.config.sharpness)
            total = given.sum(axis=0) + shares.sum(axis=0)
            means = means + self.config.pace * ((given.T @ support + shares.T @ queries) / total[:, None] - means)
        answers = np.zeros((len(points), len(task.seen)), np.float32)
        answers[task.support] = given
        if len(task.queries):
            costs = squared_distances(points[task.queries], means)
            answers[task.queries] = share_evenly(costs, self.config.sharpness)
        return Answer(task.for_all(answers))


def power_transform(vectors: Floats, power: float) -> Floats:
    """Each feature to this power, its sign kept [N D]; 10⁻⁶ is added first, as in the authors' code."""
    raised: Floats = np.sign(vectors + 1e-6) * (np.abs(vectors) + 1e-6) ** power
    return raised


def share_evenly(costs: Floats, sharpness: float) -> Floats:
    """The plan of least cost, smoothed by entropy, that shares each row out once and gives each column as much [N L].

    Sinkhorn: e^(-λ cost) with rows and columns scaled in turn; ends on rows, which then sum to 1.
    """
    weights = np.exp(-sharpness * (costs - costs.min(axis=1, keepdims=True)).astype(np.float64))
    columns = np.ones(weights.shape[1])
    for _ in range(SHARINGS):
        rows = 1 / (weights @ columns)
        got = columns * (weights.T @ rows)
        columns = columns / np.maximum(got / (len(weights) / weights.shape[1]), 1e-300)
        if float(np.abs(got * weights.shape[1] / len(weights) - 1).max()) < EVEN:
            break
    plan = weights * columns
    shares: Floats = (plan / plan.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
