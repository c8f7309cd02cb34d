"""What a suggestion strategy is: what is known about the images in, the images to label next out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from engine.geometry.neighbours import Graph
from engine.registry import Registry
from engine.types import Array, Floats, Indices

STRATEGIES: Registry[type[Strategy]] = Registry("strategy")


@dataclass(frozen=True, eq=False)
class Situation:
    """What a strategy may look at."""

    vectors: Floats  # [N D]
    graph: Graph  # neighbours in these vectors
    labels: Indices  # hand labels [N], UNKNOWN where none
    open: Array  # bool [N], the images that may be suggested: neither labelled nor skipped


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
