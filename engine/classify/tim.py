"""TIM: sure answers for single images, even answers over all of them, and the labels right.

Transductive information maximisation, Boudiaf et al., NeurIPS 2020, https://arxiv.org/abs/2008.11297: maximise the
mutual information between images and answers, with the cross-entropy of the labels. The answers are softmax of
-τ/2 ‖x - w‖²; solved by alternating directions (TIM-ADM), with the authors' weights and 150 steps. Differs: above
5,000 images without label the class weights w are found on a random sample of them; w then answers for every image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.base import CLASSIFIERS, Answer, Task, class_means, one_hot, softmax, some_queries
from engine.geometry.distances import squared_distances
from engine.settings import setting
from engine.types import Floats


@dataclass(frozen=True)
class TimConfig:
    """What TIM can be told."""

    labels: float = setting(0.1, "weight of the labels", minimum=0.001, maximum=10, symbol="λ", advanced=True)
    evenness: float = setting(
        1.0, "weight of even classes over all images; less where classes differ in size", minimum=0, maximum=10
    )
    sureness: float = setting(
        0.1, "weight of sure answers for single images", minimum=0, maximum=10, symbol="α", advanced=True
    )
    sharpness: float = setting(
        15.0, "how fast a class loses probability with distance", minimum=1, maximum=1000, symbol="τ", advanced=True
    )
    steps: int = setting(150, "alternations", minimum=1, maximum=2000, advanced=True)


@CLASSIFIERS.register("tim")
class Tim:
    """TIM: sure answers for single images, even answers over all of them, and the labels right.

    Boudiaf et al., NeurIPS 2020, https://arxiv.org/abs/2008.11297 (TIM-ADM). Takes classes to be of even size: strong
    there from one label on, poor elsewhere.
    """

    name: ClassVar[str]
    Config = TimConfig

    def __init__(self, config: TimConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        given = one_hot(task.codes, len(task.seen))
        weights = self.learn(task.directions[task.support], given, task.directions[some_queries(task)])
        return Answer(task.for_all(self.probabilities(task.directions, weights)))

    def learn(self, support: Floats, given: Floats, queries: Floats) -> Floats:
        """The class weights [l D], from labelled points [S D] with their classes [S l] and others [Q D]."""
        weights = class_means(support, given.argmax(axis=1), given.shape[1])
        for _ in range(self.config.steps if len(queries) else 0):
            weights = self._alternate(weights, support, given, queries)
        return weights

    def probabilities(self, points: Floats, weights: Floats) -> Floats:
        """softmax of -τ/2 ‖x - w‖² [N l]."""
        return softmax(-self.config.sharpness / 2 * squared_distances(points, weights))

    def _alternate(self, weights: Floats, support: Floats, given: Floats, queries: Floats) -> Floats:
        """The weights [l D] after one update of the auxiliary answers and one of themselves."""
        said_support, said = self.probabilities(support, weights), self.probabilities(queries, weights)
        target = auxiliary(said, self.config.evenness, self.config.sureness)
        share = self.config.labels / (1 + self.config.sureness)
        even = len(support) / len(queries)
        above = share * _pull(given, said_support, support, weights) + even * _pull(target, said, queries, weights)
        below = share * given.sum(axis=0) + even * target.sum(axis=0)
        moved: Floats = (above / below[:, None]).astype(np.float32)
        return moved


def auxiliary(said: Floats, evenness: float, sureness: float) -> Floats:
    """The auxiliary answers q ∝ p^(1+α) / (Σ p^(1+α))^(λ/(1+λ)) over the images [N L], λ the evenness."""
    raised = said ** (1 + sureness)
    balanced = raised / np.maximum(raised.sum(axis=0), 1e-12) ** (evenness / (1 + evenness))
    shares: Floats = balanced / np.maximum(balanced.sum(axis=1, keepdims=True), 1e-12)
    return shares


def _pull(target: Floats, said: Floats, points: Floats, weights: Floats) -> Floats:
    """Where images with these target answers [N L] draw the weights, given what is said of them now [L D]."""
    pulled: Floats = (target - said).T @ points + said.sum(axis=0)[:, None] * weights
    return pulled
