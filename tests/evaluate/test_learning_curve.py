"""Enough labels: the power law, the curve of easy, hopeless and growing tasks, and what is said of each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.classify import Task
from engine.errors import TooFewLabels
from engine.evaluate.learning_curve import NEXT, learning_curve
from engine.evaluate.power_law import fit_power_law
from engine.evaluate.support import Support, hold_out, score_left_out
from engine.labels.events import LabelClass
from engine.types import UNKNOWN, Floats, Indices
from tests.classify.blobs import blobs


def support(vectors: Floats, codes: Indices, groups: Indices | None = None) -> Support:
    """A support in the order given."""
    names = [LabelClass(code, f"class {code}", "#000000", "") for code in range(int(codes.max()) + 1)]
    ids = np.array([f"i{row}" for row in range(len(codes))], object)
    task = Task(vectors, codes, len(names), groups=groups, centre=vectors.mean(axis=0))
    return Support(task, ids, ids, np.arange(len(codes)), names, "patient" if groups is not None else "")


def test_a_power_law_without_noise_is_found_again() -> None:
    labels = np.array([10.0, 20, 40, 80])
    law = fit_power_law(labels, (0.9 - 1.2 * labels**-0.6)[None])
    assert (law.ceiling[0], law.reach[0], law.speed[0]) == pytest.approx((0.9, 1.2, 0.6))
    assert law.gain(80, 20)[0] == pytest.approx(1.2 * (80**-0.6 - 100**-0.6))


def test_a_falling_or_perfect_curve_stays_level_and_below_one() -> None:
    law = fit_power_law(np.array([10.0, 20, 40]), np.array([[0.7, 0.6, 0.5], [1.0, 1.0, 1.0]]))
    assert law.gain(40, 20) == pytest.approx([0, 0])
    assert law.at(1000)[1, 0] == pytest.approx(1)


def test_every_label_is_put_aside_once_and_groups_stay_whole() -> None:
    codes, groups = np.arange(60) % 3, np.arange(60) // 6
    trials = hold_out(codes, groups, folds=5)
    assert sorted(trials.judged) == list(range(60))
    assert (trials.hidden.sum(axis=0) == 1).all()
    assert all(len(np.unique(trials.hidden[:, groups == one], axis=1).T) == 1 for one in range(10))


def test_a_class_with_one_label_is_not_judged() -> None:
    assert 4 not in hold_out(np.array([0, 0, 0, 0, 1, 2, 2]), folds=7).judged


def test_classes_that_lie_apart_need_no_more_labels() -> None:
    curve = learning_curve(support(*blobs([30, 30, 30], apart=6)))
    assert (curve.verdict, curve.points[-1].score) == ("stop", 1.0)
    assert curve.interval[1] < 0.01
    assert curve.sentence.startswith("You may stop. 20 more labels")


def test_while_the_score_rises_more_labels_are_asked_for() -> None:
    vectors, truth = blobs([8, 8, 8, 8], apart=0.6, width=24)
    curve = learning_curve(support(vectors, truth))
    assert curve.verdict == "go on"
    assert curve.interval[0] <= curve.gain <= curve.interval[1]
    assert curve.last == NEXT
    assert curve.gained_interval[0] <= curve.gained <= curve.gained_interval[1]
    assert curve.gained > curve.gain  # the curve flattens


def test_a_gain_whose_interval_reaches_nought_is_not_said_to_be_worth_the_time() -> None:
    curve = learning_curve(support(*blobs([8, 8, 8, 8], apart=0.6, width=24)))
    assert "worth the time" in replace(curve, interval=[0.004, 0.05]).reason
    assert "may be nothing" in replace(curve, interval=[0.0004, 0.05]).reason  # reads as 0.0 points


def test_labels_without_meaning_score_as_guessing_does() -> None:
    vectors, truth = blobs([60, 60], apart=0)
    curve = learning_curve(support(vectors, truth))
    assert curve.chance == 0.5
    assert all(one.low <= 0.5 + 0.02 and one.high >= 0.5 - 0.02 for one in curve.points)


def test_the_foretold_rise_comes_true_within_its_interval_in_most_cases() -> None:
    held = 0
    for seed in range(20):
        vectors, truth = blobs([250] * 4, apart=1, seed=seed, width=48)
        curve = learning_curve(support(vectors[:40], truth[:40]), seed=seed)
        risen = [left_right(vectors, truth, count) for count in (40, 60)]
        held += curve.interval[0] - 0.02 <= risen[1] - risen[0] <= curve.interval[1] + 0.02
    assert held >= 16


def left_right(vectors: Floats, truth: Indices, count: int) -> float:
    """Balanced accuracy on the last 400 images of ridge regression on the first so many."""
    columns = np.hstack([vectors, np.ones((len(vectors), 1))])
    penalty = np.eye(columns.shape[1])
    train = columns[:count]
    model = np.linalg.solve(train.T @ train + penalty, train.T @ np.eye(4)[truth[:count]])
    answers = (columns[-400:] @ model).argmax(axis=1)
    return float(np.mean([np.mean(answers[truth[-400:] == one] == one) for one in range(4)]))


def test_too_few_labels_are_told_how_many_are_missing() -> None:
    vectors, truth = blobs([4, 4], apart=2)
    with pytest.raises(TooFewLabels, match="Label 4 more"):
        learning_curve(support(vectors, truth))
    with pytest.raises(TooFewLabels, match="All labels are of one “patient”"):
        learning_curve(support(*blobs([10, 10], apart=2), groups=np.zeros(20, np.int64)))


def test_labels_left_out_are_scored_like_a_truth() -> None:
    scores = score_left_out(support(*blobs([20, 20], apart=6)))
    assert (scores.balanced_accuracy, scores.images, scores.method) == (1.0, 40, "logistic")
    assert UNKNOWN not in np.ravel(scores.confusion)
