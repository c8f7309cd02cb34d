"""What an audit is likely to find, by the answers' own probabilities: where to start it, and how large to make it.

Nothing is promised by a forecast: it is as honest as the probabilities are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
from scipy import special

from engine.accept.audit import candidates
from engine.accept.plan import AuditPlan
from engine.propagate import Propagation

POINTS = 101  # of the curve
HOPE = 0.5  # share of the allowed errors that answers worth auditing are expected to have


@dataclass(frozen=True)
class Forecast:
    """Expected errors among the surest answers, from the surest down to all."""

    answers: list[int]  # [P] how many of the surest
    threshold: list[float]  # [P] their least probability
    error: list[float]  # [P] share of them expected to be wrong


@dataclass(frozen=True)
class Outlook:
    """What a planned audit is likely to come to."""

    answers: int  # that it would be about
    error: float  # share of them expected to be wrong
    passing: float  # chance that all of them can be taken over, were the probabilities honest


def forecast(answers: Propagation) -> Forecast:
    """The expected share of wrong answers among the surest ones; empty where no answer may be taken over."""
    sure = np.sort(answers.confidence[candidates(answers, AuditPlan())].astype(np.float64))[::-1]
    if not len(sure):
        return Forecast([], [], [])
    count = np.unique(np.ceil(np.linspace(0, 1, POINTS) * len(sure)).astype(int).clip(1))
    wrong = np.cumsum(1 - sure)
    return Forecast(count.tolist(), sure[count - 1].tolist(), (wrong[count - 1] / count).tolist())


def suggested_floor(foretold: Forecast, error: float, fewest: int) -> float:
    """The least probability, in whole hundredths, of the most answers that are likely to pass; 0 where none are.

    Args:
        error: share of wrong answers that is allowed.
        fewest: images to check; answers worth an audit are at least twice as many.
    """
    places = zip(foretold.answers, foretold.error, foretold.threshold, strict=True)
    hopeful = [threshold for answers, wrong, threshold in places if wrong <= HOPE * error and answers >= 2 * fewest]
    if not hopeful or len(hopeful) == len(foretold.error):
        return 0.0
    return floor(hopeful[-1] * 100) / 100


def outlook(answers: Propagation, plan: AuditPlan, count: int) -> Outlook:
    """What an audit of so many images is likely to come to; the promise for all together."""
    sure = answers.confidence[candidates(answers, plan)].astype(np.float64)
    if not len(sure):
        return Outlook(0, 0.0, 0.0)
    error, wrong = float(1 - sure.mean()), -1
    while plan.needed(1, wrong + 1) <= count:
        wrong += 1
    return Outlook(len(sure), error, float(special.bdtr(wrong, count, error)) if wrong >= 0 else 0.0)
