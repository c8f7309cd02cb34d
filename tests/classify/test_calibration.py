"""Calibration: known distortions are found again, few labels change little, no answer changes its class."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from engine.classify import CLASSIFIERS, Task
from engine.classify.calibration import _curve, bend, boldness, calibrate, folds, left_out_answers, sharpen
from engine.classify.run import calibrated_answer
from engine.types import UNKNOWN, Floats
from tests.classify.blobs import blobs, some


def drawn(count: int, seed: int = 0) -> tuple[Floats, np.ndarray]:
    """Honest probabilities of four classes [N L] and classes drawn by them [N]."""
    rng = np.random.default_rng(seed)
    honest = rng.dirichlet(np.full(4, 0.5), size=count).astype(np.float32)
    return honest, np.array([rng.choice(4, p=row / row.sum()) for row in honest.astype(float)])


@pytest.mark.parametrize("exponent", [0.5, 1.0, 3.0])
def test_the_exponent_that_spoilt_honest_probabilities_is_found_again(exponent: float) -> None:
    honest, codes = drawn(3000)
    assert boldness(sharpen(honest, exponent), codes) == pytest.approx(1 / exponent, rel=0.16)  # the next one tried


def test_without_labels_the_temperature_is_one_and_few_that_are_right_do_not_ask_for_certainty() -> None:
    timid = np.tile([[0.6, 0.4]], (3, 1)).astype(np.float32)
    assert boldness(timid[:0], np.zeros(0, int)) == 1.0
    assert 1 <= boldness(timid, np.array([0, 0, 0])) < boldness(np.repeat(timid, 50, axis=0), np.zeros(150, int))


def test_every_label_is_judged_once_by_others_of_its_class() -> None:
    codes = np.repeat([0, 1, 2, 3], [12, 3, 2, 1])
    trials = folds(codes)
    assert trials.judged.tolist() == list(range(17))  # the only one of class 3 cannot be judged
    assert all(trials.hidden[part, place] for place, part in zip(trials.judged, trials.fold, strict=True))
    assert trials.hidden.sum(axis=0).tolist() == [1] * 18


def test_images_of_a_group_are_hidden_together() -> None:
    codes, groups = np.tile([0, 1], 10), np.repeat(np.arange(5), 4)
    trials = folds(codes, groups)
    for hidden in trials.hidden:
        assert {hidden[groups == one].mean() for one in range(5)} <= {0.0, 1.0}


def test_what_is_left_out_equals_an_answer_made_without_it() -> None:
    vectors, truth = blobs([40, 40, 40], 1.0)
    task = Task(vectors, some(truth, [4, 4, 4]), 3)
    part = CLASSIFIERS["knn"](CLASSIFIERS["knn"].Config())
    trials = folds(task.codes)
    said = left_out_answers(task, trials, lambda other: part.answer(other).probabilities)
    labels = task.labels.copy()
    labels[task.support[trials.hidden[0]]] = UNKNOWN
    alone = part.answer(Task(vectors, labels, 3)).probabilities[task.support[trials.hidden[0]]]
    np.testing.assert_allclose(said[trials.fold == 0], alone, atol=1e-6)


def test_the_curve_is_the_isotonic_one_drawn_to_the_diagonal() -> None:
    rng = np.random.default_rng(0)
    probability, right = rng.random(200), (rng.random(200) < 0.5).astype(float)
    where, told = _curve(probability, right)
    theirs = IsotonicRegression().fit(probability, right).predict(where)
    np.testing.assert_allclose(told, 0.8 * theirs + 0.2 * where, atol=1e-6)


def test_bending_changes_no_class_and_keeps_rows_whole() -> None:
    honest, _ = drawn(500)
    bent = bend(honest, (np.array([0.0, 1.0]), np.array([0.1, 0.4])))
    np.testing.assert_array_equal(bent.argmax(axis=1), honest.argmax(axis=1))
    np.testing.assert_allclose(bent.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["prototype", "knn"])
def test_calibration_makes_answers_to_other_images_more_honest(name: str) -> None:
    """The mean -ln p of images without a label falls where a classifier was too sure or too timid."""
    part, losses = CLASSIFIERS[name](CLASSIFIERS[name].Config()), []
    for seed in range(4):
        vectors, truth = blobs([150, 150, 150], 0.4, seed=seed)
        task = Task(vectors, some(truth, [12, 12, 12]), 3)
        answer, rows = calibrated_answer(part, task), task.queries
        said = part.answer(task).probabilities, answer.probabilities
        losses.append([-np.log(np.maximum(one[rows, truth[rows]], 1e-9)).mean() for one in said])
        assert answer.calibration is not None and answer.calibration.labels == 36
    before, after = np.mean(losses, axis=0)
    assert after < before


def test_many_labels_left_out_are_read_as_a_curve() -> None:
    vectors, truth = blobs([400, 400, 400], 0.55, seed=1)
    task = Task(vectors, some(truth, [80, 80, 80]), 3)
    lopsided = np.where(np.eye(3)[truth] > 0, 0.9, 0.05).astype(np.float32)
    noisy = np.random.default_rng(0).permutation(truth)
    said = np.where(np.random.default_rng(1).random((1200, 1)) < 0.5, lopsided, np.eye(3)[noisy] * 0.7 + 0.1)
    _, calibration = calibrate(said.astype(np.float32), task, lambda _: said.astype(np.float32))
    assert (calibration.method, calibration.labels) == ("isotonic", 240)
