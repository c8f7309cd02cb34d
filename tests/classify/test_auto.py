"""The automatic mixture: as good as the better of its two main parts, quick, and able to say why."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from engine.classify import CLASSIFIERS, Answer, Task
from engine.classify.auto import MOSTLY, PRIOR, Auto, AutoConfig, boldness, candidates, evenness, sharpen, stack, start
from engine.classify.left_out import left_out
from engine.geometry.neighbours import Graph, find_neighbours
from engine.propagate.spread import spread
from engine.types import UNKNOWN, Floats
from tests.classify.blobs import answer, blobs, some


def automatic(task: Task) -> Answer:
    return Auto(AutoConfig()).answer(task)


def found(probabilities: Floats, truth: Floats, task: Task) -> float:
    return float(balanced_accuracy_score(truth[task.queries], probabilities[task.queries].argmax(axis=1)))


@pytest.mark.parametrize(
    ("images", "labels", "apart"),
    [
        ([200] * 5, [2] * 5, 0.7),  # spreading better by 8 points
        ([200] * 5, [5] * 5, 0.6),
        ([900, 60, 40], [10] * 3, 0.4),  # logistic regression better by 6
        ([900, 60, 40], [30, 5, 5], 0.6),  # and by 3
    ],
)
def test_it_is_as_good_as_the_better_of_spreading_and_logistic_regression(
    images: Sequence[int], labels: Sequence[int], apart: float
) -> None:
    scores = []
    for seed in range(5):
        vectors, truth = blobs(images, apart, seed, width=32)
        task = Task(vectors, some(truth, labels), len(images), find_neighbours(vectors))
        spreading = spread(task.affinity, task.labels, task.classes)
        each = (automatic(task).probabilities, spreading, answer("logistic", task))
        scores.append([found(one, truth, task) for one in each])
    auto, spreading_score, logistic_score = np.mean(scores, axis=0)
    assert auto > max(spreading_score, logistic_score) - 0.015


class TestLeftOutAnswers:
    vectors, truth = blobs([40, 40, 40], apart=0.8)
    task = Task(vectors, some(truth, [4, 5, 6]), 3, find_neighbours(vectors))

    def test_spreading_without_a_label_is_what_spreading_without_it_says(self) -> None:
        trials = left_out(self.task.codes)
        unseen = candidates(self.task, trials)["label spreading"].unseen
        for place in (0, 6, 14):
            labels = self.task.labels.copy()
            labels[self.task.support[trials.hidden[trials.fold[place]]]] = UNKNOWN
            row = self.task.support[trials.judged[place]]
            np.testing.assert_allclose(unseen[place], spread(self.task.affinity, labels, 3)[row], atol=0.01)

    @pytest.mark.parametrize(("name", "part"), [("LDA", "lda"), ("prototypes", "prototype"), ("neighbours", "knn")])
    def test_so_is_every_other_candidate(self, name: str, part: str) -> None:
        trials = left_out(self.task.codes)
        unseen = candidates(self.task, trials)[name].unseen
        labels = self.task.labels.copy()
        labels[self.task.support[trials.hidden[trials.fold[3]]]] = UNKNOWN
        row = self.task.support[trials.judged[3]]
        expected = answer(part, Task(self.vectors, labels, 3))[row]
        np.testing.assert_allclose(unseen[3], expected, atol=1e-3)


def test_discriminants_lead_where_labels_are_many_for_each_feature() -> None:
    vectors, truth = blobs([100, 100], apart=0.8)  # 16 features
    graph = find_neighbours(vectors)
    few, many = (Task(vectors, some(truth, [each] * 2), 2, graph) for each in (10, 40))
    nothing = left_out(np.arange(2))
    shares = []
    for task in (few, many):
        found = candidates(task, nothing)
        shares.append(dict(zip(found, start(task, found), strict=True)))
    assert shares[0]["LDA"] < 0.1 and shares[1]["LDA"] == pytest.approx(MOSTLY)
    assert [sum(one.values()) for one in shares] == pytest.approx([1, 1])


def test_evenness_is_none_for_one_class_and_1_for_classes_of_one_size() -> None:
    assert evenness(np.array([[1.0, 0], [1, 0]])) == 0
    assert evenness(np.eye(4)) == pytest.approx(1)
    assert evenness(np.array([[0.9, 0.1]])) == pytest.approx(np.exp(-0.9 * np.log(0.9) - 0.1 * np.log(0.1)) - 1)


def test_whole_groups_are_left_out() -> None:
    """Ten labels, all of a class in one group: without it the class is unknown, so nothing can be judged."""
    vectors, truth = blobs([40, 40], apart=0.8)
    labels = some(truth, [5, 5])
    task = Task(vectors, labels, 2, find_neighbours(vectors), groups=truth)
    assert "nothing could be left out" in automatic(task).note
    alternating = Task(vectors, labels, 2, task.graph, groups=np.arange(80) % 4)
    assert "left out with their whole group" in automatic(alternating).note


class TestShares:
    def test_a_candidate_that_is_always_right_gains_on_one_that_guesses(self) -> None:
        codes = np.arange(60) % 3
        right, guess = np.eye(3)[codes] * 0.97 + 0.01, np.full((60, 3), 1 / 3)
        shares = stack(np.stack([right, guess]), codes, np.array([0.5, 0.5]))
        np.testing.assert_allclose(shares, [(60 + PRIOR / 2) / (60 + PRIOR), PRIOR / 2 / (60 + PRIOR)], atol=0.15)
        assert shares[0] > 0.75

    def test_without_labels_to_judge_by_they_stay_as_they_began(self) -> None:
        assert stack(np.zeros((2, 0, 3)), np.zeros(0, int), np.array([0.3, 0.7])).tolist() == [0.3, 0.7]

    def test_too_bold_answers_are_softened_and_timid_ones_sharpened(self) -> None:
        codes = np.repeat([0, 1], 50)
        wrong = np.arange(100) % 5 == 0  # right in 80 of 100
        said = np.where(wrong, 1 - codes, codes)
        bold, timid = (np.where(np.arange(2) == said[:, None], high, 1 - high) for high in (0.99, 0.55))
        for answers in (bold, timid):
            scaled = sharpen(answers, boldness(answers, codes))
            assert scaled.max() == pytest.approx(0.8, abs=0.05)

    def test_softening_changes_no_class_and_keeps_silence(self) -> None:
        answers = np.array([[0.6, 0.4], [0, 0]], np.float32)
        np.testing.assert_allclose(sharpen(answers, 2.0), [[0.36 / 0.52, 0.16 / 0.52], [0, 0]], rtol=1e-5)


def test_one_label_a_class_is_mixed_as_measured_and_says_so() -> None:
    vectors, truth = blobs([30, 30], apart=1.5)
    note = automatic(Task(vectors, some(truth, [1, 1]), 2)).note
    assert note.startswith("75% label spreading, 25% logistic regression: no class has two labels yet")


def test_images_that_no_label_reaches_are_answered_by_the_others() -> None:
    vectors, truth = blobs([30, 30], apart=1.5)
    graph = Graph(np.full((60, 1), 0, np.int32), np.zeros((60, 1), np.float32), "exact", 1.0)  # no edge weighs anything
    probabilities = automatic(Task(vectors, some(truth, [3, 3]), 2, graph)).probabilities
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_twenty_thousand_images_are_answered_within_a_second() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(20_000) * 10 // 20_000
    vectors = rng.normal(size=(20_000, 128)).astype(np.float32)
    vectors[np.arange(20_000), truth] += 5
    indices = np.clip(np.arange(20_000)[:, None] + rng.integers(-400, 400, (20_000, 15)), 0, 19_999)
    graph = Graph(indices.astype(np.int32), rng.uniform(0.3, 1, indices.shape).astype(np.float32), "exact", 1.0)
    labels = np.where(rng.random(20_000) < 0.005, truth, UNKNOWN)
    seconds = []
    for _ in range(2):
        began = time.process_time()
        probabilities = answer("auto", Task(vectors, labels, 10, graph))
        seconds.append(time.process_time() - began)
    assert (probabilities.argmax(axis=1) == truth).mean() > 0.9
    assert min(seconds) < 1
    assert "auto" in CLASSIFIERS
