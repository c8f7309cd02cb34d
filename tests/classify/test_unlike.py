"""Images unlike every class: the leave-one-out scores by brute force, the null, and a class left out."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from engine.classify import Task
from engine.classify.unlike import ALPHA, LEVEL, STEPS, candidates, groups, unlikeness
from engine.geometry.neighbours import Graph
from engine.types import UNKNOWN, Floats, Indices
from tests.classify.blobs import blobs


def labelled(vectors: Floats, truth: Indices, count: int, hidden: int = UNKNOWN, seed: int = 0) -> Task:
    """So many labels drawn at random from all classes but one."""
    labels = np.full(len(truth), UNKNOWN)
    rows = np.random.default_rng(seed).choice(np.flatnonzero(truth != hidden), count, replace=False)
    labels[rows] = truth[rows]
    return Task(vectors, labels, int(truth.max()) + 1)


def smoothed(task: Task, support: Indices) -> Floats:
    """The scores by the definition, with a dense matrix."""
    weights = task.affinity.toarray()
    average = weights / weights.sum(axis=1, keepdims=True)
    first = 1 - (task.directions @ task.directions[support].T).max(axis=1)
    first[support] = 0
    scores = first
    for _ in range(STEPS):
        scores = (1 - ALPHA) * first + ALPHA * average @ scores
    return scores


def test_a_label_left_out_scores_as_if_it_had_never_been_given() -> None:
    task = labelled(*blobs([40, 40, 40], apart=2), count=20)
    found = unlikeness(task)
    assert found.scores == pytest.approx(smoothed(task, task.support), abs=1e-5)
    again = [smoothed(task, np.delete(task.support, place))[row] for place, row in enumerate(task.support)]
    assert found.left_out == pytest.approx(again, abs=1e-5)


def test_p_is_the_share_of_left_out_labels_that_score_as_high() -> None:
    found = unlikeness(labelled(*blobs([60, 60], apart=2), count=30))
    for row in (0, 17, 80):
        assert found.p[row] == pytest.approx((1 + sum(one >= found.scores[row] for one in found.left_out)) / 31)


def test_without_a_new_class_no_more_than_the_level_become_candidates() -> None:
    shares = []
    for seed in range(20):
        vectors, truth = blobs([150, 150, 150], apart=2, seed=seed)
        task = labelled(vectors, truth, count=60, seed=seed)
        shares.append(len(candidates(task, unlikeness(task))) / len(task.queries))
    assert np.mean(shares) <= LEVEL + 0.01


def test_a_class_without_labels_is_told_from_the_others_and_makes_the_first_group() -> None:
    vectors, truth = blobs([120, 120, 120, 40], apart=2)
    task = labelled(vectors, truth, count=60, hidden=3)
    found = unlikeness(task)
    assert roc_auc_score((truth == 3)[task.queries], found.scores[task.queries]) > 0.95
    first = groups(task, candidates(task, found))[0]
    assert np.mean(truth[first] == 3) > 0.9


def test_two_new_classes_are_two_groups() -> None:
    vectors, truth = blobs([150, 150, 30, 30], apart=3)
    labels = np.where(np.arange(300 + 60) % 2 == 0, truth, UNKNOWN)
    task = Task(vectors, np.where(truth < 2, labels, UNKNOWN), 4)
    found = groups(task, candidates(task, unlikeness(task)))
    assert {int(np.bincount(truth[group]).argmax()) for group in found[:2]} == {2, 3}


def test_a_hundred_thousand_images_are_all_scored() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(100_000, 32)).astype(np.float32)
    steps = np.concatenate([np.arange(1, 9), -np.arange(1, 8)])
    indices = ((np.arange(100_000)[:, None] + steps) % 100_000).astype(np.int32)
    graph = Graph(indices, np.full(indices.shape, 0.5, np.float32), "exact", 1.0)
    labels = np.full(100_000, UNKNOWN)
    labels[rng.choice(100_000, 200, replace=False)] = np.arange(200) % 4
    task = Task(vectors, labels, 4, graph)
    assert len(unlikeness(task).scores) == 100_000
