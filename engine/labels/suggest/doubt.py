"""What strategies that ask for doubtful images share: ranking, words, and what to do before there is any doubt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.labels.suggest.base import Choice, Situation
from engine.labels.suggest.batch import apart
from engine.labels.suggest.typiclust import TypiClust, TypiClustConfig
from engine.types import Floats, Indices


def before_answers(situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
    """Typical images: with labels of fewer than two classes no answer can be doubted."""
    typical = TypiClust(TypiClustConfig()).choose(situation, count, rng)
    return [replace(one, reason=f"no answers yet: {one.reason}") for one in typical]


def most_doubtful(situation: Situation, doubt: Floats, count: int) -> list[Choice]:
    """The most doubtful images [N → count], none beside another, with the classes they lie between."""
    rows = apart(ranking(situation, doubt), situation.graph, count)
    return [Choice(row, float(doubt[row]), between(situation, row)) for row in rows]


def ranking(situation: Situation, score: Floats) -> Indices:
    """Rows of the open images, the highest score first."""
    rows = np.flatnonzero(situation.open)
    return rows[np.argsort(-score[rows], kind="stable")]


def between(situation: Situation, row: int) -> str:
    """The two classes that an image may be, in words; short, as all reasons: they stand under small pictures."""
    shares = situation.answers[row]
    first, second = np.argsort(-shares, kind="stable")[:2]
    return f"{situation.name(int(first))} ({shares[first]:.0%}) or {situation.name(int(second))} ({shares[second]:.0%})"
