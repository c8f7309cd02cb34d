"""Confident learning against its definition in loops, and against labels changed at random."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from engine.evaluate.suspects import confident_joint, find_suspects
from tests.classify.blobs import blobs
from tests.evaluate.test_learning_curve import support


def by_definition(probabilities: np.ndarray, given: np.ndarray) -> tuple[list[float], list[list[int]]]:
    """Thresholds and confident joint, written as the paper writes them."""
    classes = range(probabilities.shape[1])
    thresholds = [float(np.mean([probabilities[x, j] for x in range(len(given)) if given[x] == j])) for j in classes]
    joint = [[0 for _ in classes] for _ in classes]
    for x, i in enumerate(given):
        reached = [j for j in classes if probabilities[x, j] >= thresholds[j]]
        if reached:
            joint[i][max(reached, key=lambda j: probabilities[x, j])] += 1
    return thresholds, joint


def test_six_labels_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.3, 0.7], [0.5, 0.5]])
    found = confident_joint(probabilities, np.array([0, 0, 0, 1, 1, 1]))
    assert found.thresholds == pytest.approx([0.6, 2 / 3])  # (.9 + .8 + .1) / 3 and (.8 + .7 + .5) / 3
    assert found.confident.tolist() == [0, 0, 1, 1, 1, -1]
    assert found.counts.tolist() == [[2, 1], [0, 2]]


@pytest.mark.parametrize("seed", range(5))
def test_the_confident_joint_is_that_of_the_paper(seed: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities, given = rng.dirichlet(np.ones(4), size=60), np.concatenate([np.arange(4), rng.integers(4, size=56)])
    thresholds, joint = by_definition(probabilities, given)
    found = confident_joint(probabilities, given)
    assert found.thresholds == pytest.approx(thresholds)
    assert found.counts.tolist() == joint


def test_labels_changed_at_random_come_first() -> None:
    areas = []
    for seed in range(10):
        vectors, truth = blobs([30, 30, 30], apart=2, seed=seed)
        wrong = np.random.default_rng(seed).choice(90, 9, replace=False)
        given = truth.copy()
        given[wrong] = (truth[wrong] + 1) % 3
        found = find_suspects(support(vectors, given), [])
        margin = {one.id: one.margin for one in found.suspects}
        doubt = [-margin.get(f"i{row}", 1.0) for row in range(90)]
        areas.append(roc_auc_score(np.isin(np.arange(90), wrong), doubt))
    assert np.mean(areas) > 0.9  # chance: 0.5


def test_a_suspect_names_what_was_given_and_what_the_others_say() -> None:
    vectors, truth = blobs([20, 20], apart=6)
    given = truth.copy()
    given[3] = 1 - truth[3]
    (one,) = find_suspects(support(vectors, given), []).suspects
    assert (one.id, one.given, one.suggested) == ("i3", f"class {given[3]}", f"class {truth[3]}")
    assert one.margin < 0 < one.probability_given < one.probability


def test_a_confirmed_label_does_not_come_back() -> None:
    vectors, truth = blobs([20, 20], apart=6)
    given = truth.copy()
    given[3] = 1 - truth[3]
    found = find_suspects(support(vectors, given), ["i3"])
    assert (found.suspects, found.confirmed) == ([], 1)
    assert "None of 40 labels" in found.sentence


def test_where_no_class_has_two_labels_nothing_is_said() -> None:
    found = find_suspects(support(*blobs([1, 1], apart=2)), [])
    assert found.judged == 0
    assert "No class has two labels" in found.sentence
