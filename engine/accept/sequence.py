"""Fixed sequence: thresholds are tested from the strictest down, each at the full level, until the first one fails.

Angelopoulos et al., Annals of Applied Statistics 2025 (Learn then Test), https://arxiv.org/abs/2110.01052, with exact
binomial p-values. Which thresholds are tried follows from the answers and from how many are checked, never from what
the checking found; a threshold with too few checked answers above it fails like any other. Then the chance that a
threshold passes whose answers hold more wrong ones than allowed is at most 1 - confidence, whatever the answers are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from engine.accept.bounds import chance, needed, upper_bound
from engine.types import Array

STEPS = 8  # thresholds tried at most: each is one more at which the sequence can end
SLACK = 0.1  # chance, at most, that too few of the checked answers lie above the strictest threshold


@dataclass(frozen=True)
class Step:
    """One threshold and what the checked answers at or above it say."""

    threshold: float  # probability
    answers: int  # at or above it, the checked ones among them
    checked: int  # of these
    wrong: int  # of these
    bound: float  # share of wrong answers that is not exceeded, by this step alone
    passed: bool


def fixed_sequence(
    probability: Array, checked: Array, wrong: Array, error: float, confidence: float
) -> tuple[Array, list[Step]]:
    """Which answers to take over so that, with this confidence, at most a share `error` of them is wrong.

    Args:
        probability: of every answer that may be taken over [N].
        checked: bool [N], a sample drawn at random, all samples of its size being as likely.
        wrong: bool [N], which of the checked ones were wrong; not read elsewhere.

    Returns:
        Bool [N], the checked ones among those taken; the steps that were tested, the last one failed or the loosest.
    """
    taken = np.zeros(len(probability), bool)
    steps: list[Step] = []
    for threshold in thresholds(probability, int(checked.sum()), error, confidence):
        above = probability >= threshold
        seen, bad = int((above & checked).sum()), int((above & checked & wrong).sum())
        passed = chance(bad, seen, error) <= 1 - confidence
        steps.append(Step(threshold, int(above.sum()), seen, bad, upper_bound(bad, seen, confidence), passed))
        if not passed:
            break
        taken = above
    return taken, steps


def thresholds(probability: Array, checked: int, error: float, confidence: float) -> list[float]:
    """The thresholds to try, strictest first; the last takes all answers. Empty where too few are checked for any.

    They stand at even steps of the share of answers above them. The strictest is the one above which enough checked
    answers are to be expected.
    """
    count, enough = len(probability), needed(error, confidence)
    if checked < enough or not count:
        return []
    shares = np.linspace(enough / checked, 1, 50)
    above = np.maximum(np.ceil(shares * count).astype(int), 1)
    short = stats.hypergeom.cdf(enough - 1, count, above, checked)
    first = shares[int(np.argmax(short <= SLACK))]  # the last, 1, is never short
    places = np.ceil(np.linspace(first, 1, STEPS) * count - 1e-9).astype(int) - 1
    at = np.sort(probability)[::-1][np.clip(places, 0, count - 1)]
    return [float(one) for one in sorted(set(at.tolist()), reverse=True)]
