"""The promise itself, over many simulated audits of answers whose truth is known."""

from __future__ import annotations

import numpy as np
from scipy import stats

from engine.accept.conformal import conformal_selection
from engine.accept.sequence import fixed_sequence
from engine.types import Array

AUDITS = 300
ANSWERS = 3000


def world(rng: np.random.Generator) -> tuple[Array, Array]:
    """Probabilities and which answers are wrong: more often than they say, mostly where they are low."""
    probability = np.sort(rng.random(ANSWERS))
    return probability, rng.random(ANSWERS) < 0.3 * (1 - probability) ** 3


def audit(rng: np.random.Generator, count: int) -> Array:
    checked = np.zeros(ANSWERS, bool)
    checked[rng.choice(ANSWERS, count, replace=False)] = True
    return checked


def test_a_sequence_breaks_its_promise_in_at_most_5_of_100_audits_and_takes_much() -> None:
    rng = np.random.default_rng(0)
    probability, wrong = world(rng)
    broken, taken_shares = 0, []
    for _ in range(AUDITS):
        taken, _ = fixed_sequence(probability, audit(rng, 200), wrong, 0.05, 0.95)
        taken_shares.append(taken.mean())
        broken += taken.any() and wrong[taken].mean() > 0.05
    assert broken <= stats.binom.ppf(0.999, AUDITS, 0.05)
    assert np.mean(taken_shares) > 0.4


def test_right_at_the_bound_the_level_is_used_up_but_not_exceeded() -> None:
    """All answers alike and just too many wrong: 59 clean ones happen with a chance of 0.95^59 = 4.8 %."""
    rng = np.random.default_rng(0)
    wrong = np.arange(ANSWERS) < 151
    passed = 0
    for _ in range(600):
        taken, _ = fixed_sequence(np.ones(ANSWERS), audit(rng, 59), rng.permutation(wrong), 0.05, 0.95)
        passed += taken.any()
    assert stats.binom.ppf(0.001, 600, 0.04) < passed < stats.binom.ppf(0.999, 600, 0.05)


def test_conformal_labelling_keeps_the_average_within_the_bound() -> None:
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(AUDITS):
        probability, wrong = world(rng)
        taken = conformal_selection(probability, audit(rng, 59), wrong, 0.05)
        shares.append(wrong[taken].mean() if taken.any() else 0.0)
    assert np.mean(shares) <= 0.05 + 3 * np.std(shares) / np.sqrt(AUDITS)
    assert max(shares) > 0.05  # single audits may exceed it: that is the difference
