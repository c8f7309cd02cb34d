"""Disagreement: the images about which classifiers of different kinds contradict each other.

Query by committee, Seung et al., COLT 1992, https://doi.org/10.1145/130385.130417, with the measure of McCallum and
Nigam, ICML 1998: the mean Kullback-Leibler divergence of each member's answer from their mean. The committee: a border
(logistic regression), a distance (nearest prototype), a neighbourhood (label spreading). Differs: members differ in
kind, not in the labels they saw; no image of a batch is a neighbour of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.prototype import Prototype, PrototypeConfig
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.batch import apart
from engine.labels.suggest.doubt import before_answers, between, ranking
from engine.labels.suggest.entropy import entropy
from engine.types import Array, Floats

MEMBERS = ("a linear border", "the nearest class mean", "its neighbours")


@dataclass(frozen=True)
class DisagreementConfig:
    """Disagreement can be told nothing."""


@STRATEGIES.register("disagreement")
class Disagreement:
    """Disagreement: the images about which classifiers of different kinds contradict each other.

    Query by committee, Seung et al., COLT 1992, https://doi.org/10.1145/130385.130417: a linear border, class means and
    neighbours. Shows where the answer depends on the method rather than on the image.
    """

    name: ClassVar[str]
    Config = DisagreementConfig

    def __init__(self, config: DisagreementConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        if not situation.answerable:
            return before_answers(situation, count, rng)
        opinions = _opinions(situation)
        divided = divergence(opinions)
        rows = apart(ranking(situation, divided), situation.graph, count)
        return [Choice(row, float(divided[row]), _reason(situation, opinions[:, row], row)) for row in rows]


def divergence(opinions: Array) -> Floats:
    """Mean divergence of the members' answers [M N L] from their mean [N]: H(mean) - mean(H), ≥ 0."""
    mean = opinions.mean(axis=0)
    divided: Floats = np.maximum(entropy(mean) - entropy(opinions).mean(axis=0), 0)
    return divided


def _opinions(situation: Situation) -> Array:
    """What each member says [3 N L]; spreading keeps to the linear answer where no label reaches."""
    means = Prototype(PrototypeConfig()).answer(situation.task).probabilities
    reached = situation.spreading.sum(axis=1, keepdims=True) > 0
    return np.stack([situation.linear, means, np.where(reached, situation.spreading, situation.linear)])


def _reason(situation: Situation, opinions: Floats, row: int) -> str:
    said = [situation.name(int(code)) for code in opinions.argmax(axis=1)]
    if len(set(said)) == 1:
        return f"not equally sure: {between(situation, row)}"
    return "they disagree: " + ", ".join(f"{who} says {what}" for who, what in zip(MEMBERS, said, strict=True))
