"""BADGE: images whose labels would move a linear classifier far, and in different directions.

Ash et al., ICLR 2020, https://arxiv.org/abs/1906.03671: the gradient of the loss in the last layer's weights, were the
predicted class the true one, is (p - e_ŷ) ⊗ x; images are drawn by k-means++ over these gradients. Differs: the last
layer is a logistic regression on 64 principal components of the embedding; as in the authors' code the first image is
the one with the longest gradient. The gradients [N L·D] are never written out: ⟨a ⊗ x, b ⊗ y⟩ = ⟨a, b⟩ ⟨x, y⟩.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.doubt import before_answers
from engine.types import Floats, Indices


@dataclass(frozen=True)
class BadgeConfig:
    """BADGE can be told nothing."""


@STRATEGIES.register("badge")
class Badge:
    """BADGE: images whose labels would move a linear classifier far, and in different directions.

    Ash et al., ICLR 2020, https://arxiv.org/abs/1906.03671. Doubt and variety in one draw, with nothing to set.
    """

    name: ClassVar[str]
    Config = BadgeConfig

    def __init__(self, config: BadgeConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        if not situation.answerable:
            return before_answers(situation, count, rng)
        open_rows = np.flatnonzero(situation.open)
        errors = hypothetical_errors(situation.linear[open_rows])
        places, lengths = draw_apart(errors, situation.points[open_rows], count, rng)
        return [
            Choice(int(open_rows[place]), length, _reason(situation, int(open_rows[place])))
            for place, length in zip(places, lengths, strict=True)
        ]


def hypothetical_errors(probabilities: Floats) -> Floats:
    """p - e_ŷ [N L], as if the likeliest class were the true one."""
    errors = probabilities.copy()
    errors[np.arange(len(errors)), errors.argmax(axis=1)] -= 1
    return errors


def draw_apart(errors: Floats, points: Floats, count: int, rng: np.random.Generator) -> tuple[list[int], list[float]]:
    """k-means++ over the gradients errors ⊗ points: places, and the length of each one's gradient.

    Args:
        errors: [N L].
        points: [N D].
        count: how many.
    """
    squares = np.einsum("nl,nl->n", errors, errors) * np.einsum("nd,nd->n", points, points)
    if not len(squares):
        return [], []
    nearest = squares.astype(np.float64)
    free = np.ones(len(squares), bool)
    places: list[int] = []
    for _ in range(min(count, len(squares))):
        place = int(squares.argmax()) if not places else _draw(np.where(free, nearest, 0), free, rng)
        places.append(place)
        free[place] = False
        shared = (errors @ errors[place]) * (points @ points[place])
        apart = np.maximum(squares + squares[place] - 2 * shared, 0)
        nearest = apart.astype(np.float64) if len(places) == 1 else np.minimum(nearest, apart)
    return places, [float(np.sqrt(squares[place])) for place in places]


def _draw(weights: Floats, free: Indices, rng: np.random.Generator) -> int:
    """A place with a chance in proportion to its weight; any free one where all weigh nothing."""
    total = weights.sum()
    if total <= 0:
        return int(rng.choice(np.flatnonzero(free)))
    return int(np.searchsorted(np.cumsum(weights), rng.random() * total, side="right").clip(0, len(weights) - 1))


def _reason(situation: Situation, row: int) -> str:
    shares = situation.linear[row]
    code = int(shares.argmax())
    return f"would teach something new: now {situation.name(code)} ({shares[code]:.0%})"
