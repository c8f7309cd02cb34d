"""Scores of a bench against closed forms, scipy and scikit-learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.neighbors import KNeighborsClassifier

from engine.bench.classifiers import linear, vote
from engine.bench.compare import Question, difference
from engine.bench.draws import draws
from engine.bench.score import Protocol, balanced_accuracy, few_label_scores, interval, neighbour_score, score_embedding
from engine.bench.work import spent, step_seconds
from engine.embeddings import save_embedding
from engine.errors import RunFailed
from engine.geometry.neighbours import Graph, at_length_one, build_neighbours
from engine.images.table import read_table
from engine.project import Project

RNG = np.random.default_rng(3)
POINTS = at_length_one(RNG.normal(size=(60, 5)).astype(np.float32))
CODES = RNG.integers(0, 3, 60)


def test_the_interval_is_students_t() -> None:
    values = [0.5, 0.55, 0.62, 0.4, 0.51]
    expected = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert interval(values) == pytest.approx(expected)


def test_balanced_accuracy_is_scikit_learns() -> None:
    answers = RNG.integers(0, 3, 60)
    assert balanced_accuracy(CODES, answers) == pytest.approx(balanced_accuracy_score(CODES, answers))


def test_the_weighted_vote_is_scikit_learns() -> None:
    peer = KNeighborsClassifier(20, weights=lambda far: np.exp((1 - far) / 0.07), metric="cosine", algorithm="brute")
    expected = peer.fit(POINTS[:40], CODES[:40]).predict(POINTS[40:])
    assert (vote(POINTS[40:] @ POINTS[:40].T, CODES[:40], 3) == expected).all()


def test_linear_is_a_logistic_regression_on_the_draw_alone() -> None:
    draw = next(iter(draws(CODES, None, [4], [0])))
    peer = LogisticRegression(C=10, max_iter=2000).fit(POINTS[draw.support], CODES[draw.support])
    assert (linear(POINTS, None, CODES, draw) == peer.predict(POINTS[draw.scored])).all()  # type: ignore[arg-type]


def test_neighbours_of_the_own_group_have_no_vote() -> None:
    """Twins that are a class of their own: the twin answers rightly, and without its group nobody can."""
    directions = np.repeat(np.eye(4, dtype=np.float32), 2, axis=0)
    pairs = np.repeat(np.arange(4), 2)
    assert neighbour_score(directions, pairs, None) == 1.0
    assert neighbour_score(directions, pairs, pairs) == 0.0


def test_every_row_sees_the_same_draws_so_equal_vectors_score_equal() -> None:
    near = np.argsort(-(POINTS @ POINTS.T) + 2 * np.eye(60), axis=1)[:, :20].astype(np.int32)
    graph = Graph(near, np.take_along_axis(POINTS @ POINTS.T, near, 1), "exact", 1.0)
    protocol = Protocol(CODES, None, [1, 3], range(3))
    first, again = (few_label_scores(POINTS, graph, protocol) for _ in range(2))
    assert first == again
    assert {(one["classifier"], one["labels"], one["folds"]) for one in first} == {
        (name, labels, "all") for name in ("knn", "linear", "propagation") for labels in (1, 3)
    }


def test_scores_are_taken_once_and_again_where_the_vectors_or_the_question_change(project: Project) -> None:
    table = read_table(project)
    about = {"created": "2024-01-01T00:00:00", "images": table.fingerprint}
    truth, groups = RNG.integers(0, 3, len(table)), table.codes("patient")[0]
    protocol = Protocol(truth, groups, [1], range(2))

    def scores(vectors: np.ndarray, asked: Protocol) -> tuple[dict[str, object], list[Path]]:
        save_embedding(project, "e", vectors, list(table.ids), about | {"seed": float(vectors[0, 0])})
        build_neighbours(project, "e")
        score_embedding(project, "e", asked)
        found = score_embedding(project, "e", asked)
        return found, sorted((project.embedding_folder("e") / "scores").iterdir())

    vectors = RNG.normal(size=(len(table), 4)).astype(np.float32)
    found, kept = scores(vectors, protocol)
    sizes = np.bincount(groups)
    assert found["leakage_chance"] == pytest.approx(np.mean(sizes[groups] - 1) / (len(table) - 1), abs=1e-4)
    assert len(kept) == 1
    other, _ = scores(-vectors + 1.0, Protocol(truth, groups, [2], range(2)))
    assert other["scores"] != found["scores"]


def test_a_difference_is_taken_draw_by_draw() -> None:
    def row(*values: float) -> dict[str, object]:
        return {"scores": [{"classifier": "knn", "labels": 1, "folds": "all", "per_seed": list(values)}]}

    asked = Question("knn", 1, "all")
    gain = difference(row(0.5, 0.7, 0.9), row(0.4, 0.61, 0.79), asked)
    assert gain is not None
    assert gain.clear  # the scores spread over 0.4, the differences over 0.02
    assert gain.mean == pytest.approx(0.1)
    unclear = difference(row(0.5, 0.7, 0.9), row(0.7, 0.6, 0.8), asked)
    assert unclear is not None
    assert not unclear.clear


def test_a_steps_time_is_that_of_the_last_whole_epoch_with_all_between() -> None:
    points = pd.DataFrame({"step": [1, 4, 6, 8], "epoch": [0.25, 1.0, 1.5, 2.0], "seconds": [9.0, 10.0, 11.0, 14.0]})
    assert step_seconds(points) == pytest.approx(1.0)  # 4 seconds for the 4 steps of the second epoch
    assert step_seconds(points[:3].drop(index=1)) == pytest.approx(2 / 5)  # no whole epoch: what there is
    assert step_seconds(points.drop(index=3)) == pytest.approx(1 / 2)  # the later half
    with pytest.raises(RunFailed, match="more seconds"):
        step_seconds(points[:1])


def test_what_a_training_took_leaves_start_and_preparation_out() -> None:
    points = pd.DataFrame(
        {"step": [1, 5, 10], "epoch": [0.1, 0.5, 1.0], "seconds": [30.0, 34.0, 39.0], "views_per_second": [5, 100, 200]}
    )
    took = spent(points)
    assert (took.seconds, took.views_per_second, took.steps, took.epochs) == (10.0, 150.0, 10, 1.0)
