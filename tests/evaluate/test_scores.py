"""Scores against scikit-learn's, and what counts as wrong."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from engine.evaluate import MEASURES, score
from engine.types import UNKNOWN, Indices

CLASSES = ["a", "b", "c", "d"]


def random_answers(seed: int, count: int = 200, right: float = 0.6) -> tuple[Indices, Indices]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(4, size=count, p=[0.5, 0.3, 0.15, 0.05])
    return np.where(rng.random(count) < right, truth, rng.integers(0, 4, count)), truth


@pytest.mark.parametrize("seed", range(5))
def test_all_scores_are_those_of_scikit_learn(seed: int) -> None:
    predicted, truth = random_answers(seed)
    scores = score(predicted, truth, CLASSES)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(truth, predicted))
    assert scores.balanced_accuracy == pytest.approx(metrics.balanced_accuracy_score(truth, predicted))
    assert scores.macro_f1 == pytest.approx(metrics.f1_score(truth, predicted, average="macro"))
    assert scores.confusion == metrics.confusion_matrix(truth, predicted, labels=range(4)).tolist()
    by_class = metrics.precision_recall_fscore_support(truth, predicted, labels=range(4), zero_division=0)
    for name, values in zip(("precision", "recall", "f1", "images"), by_class, strict=True):
        assert [row[name] for row in scores.per_class] == pytest.approx(list(values))


def test_an_image_without_an_answer_counts_as_wrong() -> None:
    scores = score(np.array([0, UNKNOWN, 1, 1]), np.array([0, 0, 1, 1]), ["a", "b"])
    assert scores.accuracy == 0.75
    assert scores.balanced_accuracy == 0.75  # half of a, all of b
    assert scores.macro_f1 == pytest.approx((2 / 3 + 1) / 2)  # a: precision 1, recall 1/2
    assert scores.unanswered == 1
    assert scores.confusion == [[1, 0], [0, 2]]
    assert [row["unanswered"] for row in scores.per_class] == [1, 0]


def test_no_answer_at_all_scores_zero() -> None:
    scores = score(np.full(5, UNKNOWN), np.array([0, 1, 0, 1, 0]), ["a", "b"])
    assert (scores.accuracy, scores.balanced_accuracy, scores.macro_f1, scores.unanswered) == (0, 0, 0, 5)


def test_a_class_that_the_truth_lacks_does_not_enter_the_averages() -> None:
    scores = score(np.array([0, 1, 2]), np.array([0, 1, 1]), ["a", "b", "c"])
    assert scores.balanced_accuracy == 0.75  # all of a, half of b
    assert scores.per_class[2]["answers"] == 1


def test_every_interval_holds_its_score() -> None:
    predicted, truth = random_answers(0)
    scores = score(predicted, truth, CLASSES)
    for name in MEASURES:
        low, high = scores.intervals[name]
        assert low < getattr(scores, name) < high


def test_the_interval_of_accuracy_over_single_images_is_the_binomial_one() -> None:
    truth = np.zeros(400, dtype=np.int64)
    predicted = np.where(np.arange(400) < 300, 0, 1)
    low, high = score(predicted, truth, ["a", "b"]).intervals["accuracy"]
    deviation = np.sqrt(0.75 * 0.25 / 400)
    assert (low, high) == pytest.approx((0.75 - 1.96 * deviation, 0.75 + 1.96 * deviation), abs=0.006)


def test_images_of_one_patient_do_not_count_as_many() -> None:
    """20 patients of 20 images that are all right or all wrong: the interval is as wide as that of 20 images."""
    groups = np.repeat(np.arange(20), 20)
    truth = np.zeros(400, dtype=np.int64)
    predicted = np.where(groups < 15, 0, 1)
    low, high = score(predicted, truth, ["a", "b"], groups).intervals["accuracy"]
    deviation = np.sqrt(0.75 * 0.25 / 20)
    assert (low, high) == pytest.approx((0.75 - 1.96 * deviation, 0.75 + 1.96 * deviation), abs=0.04)


def test_images_without_a_group_are_each_their_own() -> None:
    predicted, truth = random_answers(0, count=40)
    groups = np.where(np.arange(40) < 10, 0, UNKNOWN)
    assert score(predicted, truth, CLASSES, groups).groups == 31


def test_one_group_tells_nothing_about_others() -> None:
    predicted, truth = random_answers(0)
    assert score(predicted, truth, CLASSES, np.zeros(200, dtype=np.int64)).intervals == {}


def test_the_same_seed_gives_the_same_interval() -> None:
    predicted, truth = random_answers(0)
    groups = np.arange(200) // 10
    assert score(predicted, truth, CLASSES, groups, seed=1) == score(predicted, truth, CLASSES, groups, seed=1)


def test_the_callers_arrays_stay_as_they_were() -> None:
    predicted, truth = random_answers(0)
    before = predicted.copy(), truth.copy()
    score(predicted, truth, CLASSES)
    assert np.array_equal(predicted, before[0])
    assert np.array_equal(truth, before[1])
