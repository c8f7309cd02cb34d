"""What a suggestion strategy is: what is known about the images in, the images to label next out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from engine.classify.base import MANY_CLASSES, Task
from engine.classify.ensemble import TOLERANCE, mix
from engine.classify.lda import Lda, LdaConfig
from engine.classify.logistic import Logistic, LogisticConfig
from engine.geometry.neighbours import Graph
from engine.propagate.spread import spread
from engine.registry import Registry
from engine.types import Array, Floats, Indices

STRATEGIES: Registry[type[Strategy]] = Registry("strategy")

AROUND = 15  # neighbours that tell how dense it is around an image


@dataclass(frozen=True, eq=False)
class Situation:
    """What a strategy may look at; what it has to work out is worked out once, when asked for."""

    whole: Task  # vectors [N D], their neighbours, and hand labels [N]
    open: Array  # bool [N], the images that may be suggested: neither labelled nor skipped
    names: Sequence[str] = ()  # of the classes, by code

    @property
    def graph(self) -> Graph:
        """Neighbours in the vectors."""
        return self.whole.neighbours

    @property
    def labels(self) -> Indices:
        """Hand labels [N], UNKNOWN where none."""
        return self.whole.labels

    @property
    def classes(self) -> int:
        """How many classes there are; some may have no label."""
        return self.whole.classes

    @property
    def labelled(self) -> Indices:
        """Rows of the labelled images."""
        return self.whole.support

    @property
    def points(self) -> Floats:
        """The images [N COMPONENTS] as directions: principal components of centred vectors, at length 1."""
        return self.whole.components

    @property
    def averages(self) -> Floats:
        """The points averaged over the graph [N COMPONENTS]: what differs between neighbours is mostly noise."""
        return self.whole.averages

    @cached_property
    def density(self) -> Floats:
        """Mean cosine with the nearest neighbours [N], in [0, 1]: high where many images are alike."""
        near = self.graph.similarities[:, :AROUND]
        dense: Floats = np.clip(near, 0, 1).mean(axis=1) if near.shape[1] else np.ones(len(near), np.float32)
        return dense

    @property
    def met(self) -> int:
        """How many classes have a label."""
        return len(self.whole.seen)

    @property
    def answerable(self) -> bool:
        """Whether labels of two classes are there, without which no classifier has an answer."""
        return self.met > 1

    @cached_property
    def task(self) -> Task:
        """What the classifiers are asked, of the points."""
        task = Task(self.points, self.labels, self.classes, self.graph)
        task.__dict__["affinity"] = self.whole.affinity
        return task

    @cached_property
    def linear(self) -> Floats:
        """What logistic regression answers [N L]; of many classes LDA, which then is better and a tenth of the cost."""
        if self.classes > MANY_CLASSES:
            return Lda(LdaConfig()).answer(self.task).probabilities
        return Logistic(LogisticConfig()).answer(self.task).probabilities

    @cached_property
    def spreading(self) -> Floats:
        """What label spreading answers [N L]; 0 where no label reaches."""
        return spread(self.task.affinity, self.labels, self.classes, tolerance=TOLERANCE)

    @cached_property
    def answers(self) -> Floats:
        """The answers as they stand [N L]: half linear, half spreading."""
        return mix(self.linear, self.spreading, 0.5)

    @cached_property
    def margin(self) -> Floats:
        """How far the first class is ahead of the second in `answers` [N], in [0, 1]."""
        second, first = np.partition(self.answers, -2, axis=1)[:, -2:].T
        ahead: Floats = first - second
        return ahead

    def name(self, code: int) -> str:
        return self.names[code] if code < len(self.names) else f"class {code + 1}"


@dataclass(frozen=True)
class Choice:
    """One image that a strategy chose."""

    row: int
    score: float  # the strategy's own measure, more is better; comparable within one call only
    reason: str  # why, in plain words


class Strategy(Protocol):
    """A strategy, made from its Config; it holds no state."""

    Config: type[Any]

    def __init__(self, config: Any) -> None: ...

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        """Up to `count` images, the best first; fewer only where fewer are open."""
        ...
