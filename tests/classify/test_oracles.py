"""Each classifier against scikit-learn or its closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

from engine.classify import CLASSIFIERS, Task
from engine.classify.base import LISTENED, class_means, one_hot, softmax, span
from engine.classify.ensemble import mix
from engine.classify.laplacian_shot import energy, nearest_alike
from engine.classify.lda import ledoit_wolf
from engine.classify.left_out import left_out
from engine.classify.logistic import Logistic, LogisticConfig, fit_logistic
from engine.classify.pt_map import power_transform, share_evenly
from engine.classify.tim import auxiliary
from engine.geometry.distances import squared_distances
from engine.geometry.neighbours import affinity, find_neighbours
from engine.propagate.average import averaged
from engine.propagate.spread import spread
from engine.types import Floats
from tests.classify.blobs import answer, blobs, some

VECTORS, TRUTH = blobs([40, 40, 40], apart=0.8)  # classes that overlap
TASK = Task(VECTORS, some(TRUTH, [6, 6, 6]), 3)
POINTS, CODES = TASK.directions[TASK.support], TASK.codes


def probabilities(name: str, task: Task, **settings: Any) -> Floats:
    part = CLASSIFIERS[name]
    return part(part.Config(**settings)).answer(task).probabilities


@pytest.mark.parametrize("strength", [0.3, 10, 100])
def test_logistic_regression_is_scikit_learns(strength: float) -> None:
    model = LogisticRegression(C=strength, tol=1e-9, max_iter=5000).fit(POINTS, CODES)
    expected = model.predict_proba(TASK.directions)
    np.testing.assert_allclose(probabilities("logistic", TASK, strength=strength), expected, atol=2e-3)


def test_classes_of_unequal_number_weigh_as_in_scikit_learn() -> None:
    task = Task(VECTORS, some(TRUTH, [12, 4, 2]), 3)
    model = LogisticRegression(C=5, class_weight="balanced", tol=1e-9, max_iter=5000)
    expected = model.fit(task.directions[task.support], task.codes).predict_proba(task.directions)
    np.testing.assert_allclose(probabilities("logistic", task, strength=5), expected, atol=2e-3)


def test_more_features_than_labels_change_nothing_but_the_space_it_is_solved_in() -> None:
    points, axes = span(np.random.default_rng(0).normal(size=(5, 40)).astype(np.float32))
    codes = np.array([0, 0, 1, 1, 2])
    inside = fit_logistic(points, codes, np.ones((1, 5), np.float32), 3.0)[0]
    expected = (
        LogisticRegression(C=3, tol=1e-9, max_iter=5000).fit(points @ axes.T, codes).predict_proba(points @ axes.T)
    )
    np.testing.assert_allclose(softmax(points @ inside[:-1] + inside[-1]), expected, atol=2e-3)


def test_what_it_says_of_a_label_left_out_is_what_a_fit_without_it_says() -> None:
    trials = left_out(CODES)
    fit = Logistic(LogisticConfig(strength=10.0, balanced=False)).fit(TASK, trials)
    for place, (judged, fold) in enumerate(zip(trials.judged, trials.fold, strict=True)):
        shown = ~trials.hidden[fold]
        model = LogisticRegression(C=10, tol=1e-9, max_iter=5000).fit(POINTS[shown], CODES[shown])
        np.testing.assert_allclose(fit.unseen[place], model.predict_proba(POINTS[[judged]])[0], atol=0.02)


@pytest.mark.parametrize("shrinkage", [0.2, 0.9])
def test_linear_discriminants_are_scikit_learns(shrinkage: float) -> None:
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage).fit(POINTS, CODES)
    expected = model.predict_proba(TASK.directions)
    np.testing.assert_allclose(probabilities("lda", TASK, shrinkage=shrinkage), expected, atol=1e-3)


@pytest.mark.parametrize("labels", [4, 30])
def test_its_shrinkage_is_scikit_learns_also_in_the_span(labels: int) -> None:
    points = np.random.default_rng(0).normal(size=(labels, 16)) * np.linspace(0.1, 2, 16)
    inside, _ = span(points.astype(np.float32))
    assert ledoit_wolf(inside, 16) == pytest.approx(ledoit_wolf_shrinkage(points, assume_centered=True), rel=1e-3)


def test_a_prototype_answers_as_the_nearest_centroid() -> None:
    expected = NearestCentroid().fit(POINTS, CODES).predict(TASK.directions)
    assert (answer("prototype", TASK).argmax(axis=1) == expected).all()


def test_neighbours_vote_as_in_scikit_learn() -> None:
    def weigh(distances: Floats) -> Floats:
        return np.exp((1 - distances**2 / 2) / 0.07)

    expected = KNeighborsClassifier(5, weights=weigh).fit(POINTS, CODES).predict_proba(TASK.directions)
    np.testing.assert_allclose(probabilities("knn", TASK, neighbours=5), expected, atol=1e-3)


def test_attention_by_hand() -> None:
    """Labels at cosines 1, 0 and -1 of an image, τ = 1: weights e, 1, 1/e."""
    task = Task(np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], np.float32), np.array([0, 1, 0, -1]), 2)
    first = probabilities("matching", task, temperature=1.0)[0]
    weights = np.exp([1, 0, -1])
    np.testing.assert_allclose(
        first, [(weights[0] + weights[2]) / weights.sum(), weights[1] / weights.sum()], rtol=1e-5
    )


def test_without_neighbours_laplacian_shot_is_a_softmax_of_distances() -> None:
    found = probabilities("laplacian_shot", TASK, agreement=0.0)[TASK.queries]
    means = np.stack([POINTS[one == CODES].mean(axis=0) for one in range(3)])
    np.testing.assert_allclose(found, softmax(-squared_distances(TASK.directions[TASK.queries], means)), atol=1e-5)


def test_an_update_of_laplacian_shot_never_raises_the_energy() -> None:
    graph = nearest_alike(TASK, 3)
    both = (graph + graph.T).tocsr() / 2
    cost = squared_distances(TASK.directions, POINTS[:3])
    answers, before = softmax(-cost), np.inf
    for _ in range(10):
        after = energy(answers, cost, both, 1.0)
        assert after <= before + 1e-4
        answers, before = softmax(both @ answers - cost), after


def test_the_auxiliary_answers_of_tim_by_hand() -> None:
    """α = 0 and λ = 1: p over the root of its column's sum, rows brought to 1."""
    said = np.array([[0.9, 0.1], [0.7, 0.3]], np.float32)
    raw = said / np.sqrt(said.sum(axis=0))
    np.testing.assert_allclose(auxiliary(said, 1.0, 0.0), raw / raw.sum(axis=1, keepdims=True), rtol=1e-5)


def test_tim_makes_answers_surer_and_classes_more_even_than_prototypes_do() -> None:
    def information(found: Floats) -> float:
        mean = found.mean(axis=0)
        return float((found * np.log(found + 1e-12)).sum(axis=1).mean() - (mean * np.log(mean)).sum())

    task = Task(VECTORS, some(TRUTH, [1, 1, 1]), 3)
    after, before = probabilities("tim", task), probabilities("tim", task, steps=1)
    assert information(after[task.queries]) > information(before[task.queries]) + 0.05


def test_the_transport_gives_every_row_once_and_every_column_as_much() -> None:
    plan = share_evenly(np.random.default_rng(0).random((90, 3)).astype(np.float32), 10.0)
    np.testing.assert_allclose(plan.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(plan.sum(axis=0), 30, rtol=2e-3)


def test_the_transport_is_the_softmax_where_that_is_even_already() -> None:
    costs = np.array([[0, 1], [1, 0]], np.float32)
    np.testing.assert_allclose(share_evenly(costs, 2.0), softmax(-2 * costs), atol=1e-5)


def test_the_power_transform_keeps_the_sign() -> None:
    found = power_transform(np.array([[4.0, 0.0, -9.0]], np.float32), 0.5)
    np.testing.assert_allclose(found, [[2, 0.001, -3]], atol=1e-3)


def test_the_ensemble_is_half_of_each() -> None:
    halves = probabilities("logistic", TASK), spread(TASK.affinity, TASK.labels, 3)
    np.testing.assert_allclose(answer("ensemble", TASK), (halves[0] + halves[1]) / 2, atol=2e-3)


def test_where_spreading_is_silent_the_ensemble_goes_by_the_other_half() -> None:
    linear, silent = one_hot(np.array([1, 0]), 2), np.array([[0, 0], [0, 1]], np.float32)
    np.testing.assert_allclose(mix(linear, silent, 0.5), [[0, 1], [0.5, 0.5]])


def test_smoothed_discriminants_are_scikit_learns_of_averages_over_the_graph() -> None:
    task = Task(VECTORS, TASK.labels, 3, find_neighbours(VECTORS))
    averages = averaged(task.components, affinity(task.neighbours, LISTENED))
    inside = averages[task.support] - class_means(averages[task.support], CODES, 3)[CODES]
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=ledoit_wolf_shrinkage(inside, assume_centered=True))
    expected = model.set_params(priors=[1 / 3] * 3).fit(averages[task.support], CODES).predict(averages)
    assert (probabilities("smoothed", task).argmax(axis=1) == expected).all()
