"""What every classifier must hold, whatever it does inside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.classify import CLASSIFIERS, Task
from engine.geometry.neighbours import find_neighbours
from engine.types import UNKNOWN
from tests.classify.blobs import answer, blobs, some

VECTORS, TRUTH = blobs([60, 60, 60], apart=1.5)
GRAPH = find_neighbours(VECTORS)
EVEN = Task(VECTORS, some(TRUTH, [4, 4, 4]), 3, GRAPH)


@pytest.mark.parametrize("name", list(CLASSIFIERS))
class TestEveryClassifier:
    def test_probabilities_of_an_image_sum_to_1(self, name: str) -> None:
        found = answer(name, EVEN)
        assert found.shape == (180, 3) and found.min() >= 0
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)

    def test_names_other_images_of_well_separated_classes(self, name: str) -> None:
        assert (answer(name, EVEN).argmax(axis=1) == TRUTH).mean() > 0.95

    def test_the_labelled_images_come_out_as_labelled(self, name: str) -> None:
        found = answer(name, EVEN)[EVEN.support]
        assert (found.argmax(axis=1) == EVEN.labels[EVEN.support]).all()

    def test_one_label_a_class_is_enough(self, name: str) -> None:
        found = answer(name, replace(EVEN, labels=some(TRUTH, [1, 1, 1])))
        assert (found.argmax(axis=1) == TRUTH).mean() > 0.9

    def test_a_class_with_fifteen_labels_does_not_swallow_one_with_a_single_label(self, name: str) -> None:
        found = answer(name, replace(EVEN, labels=some(TRUTH, [15, 1, 3]))).argmax(axis=1)
        assert min((found[one == TRUTH] == one).mean() for one in range(3)) > 0.85

    def test_the_order_of_classes_does_not_matter(self, name: str) -> None:
        order = np.array([2, 0, 1])
        labels = np.where(EVEN.labels == UNKNOWN, UNKNOWN, order[EVEN.labels])
        renamed = answer(name, replace(EVEN, labels=labels))
        np.testing.assert_allclose(renamed[:, order], answer(name, EVEN), atol=2e-3)

    def test_a_class_without_labels_gets_nothing_and_changes_nothing(self, name: str) -> None:
        labels = np.where(EVEN.labels == 2, 3, EVEN.labels)
        found = answer(name, Task(VECTORS, labels, 5, GRAPH))
        assert not found[:, [2, 4]].any()
        np.testing.assert_allclose(found[:, [0, 1, 3]], answer(name, EVEN), atol=2e-3)

    def test_everything_labelled_is_no_trouble(self, name: str) -> None:
        assert (answer(name, replace(EVEN, labels=TRUTH)).argmax(axis=1) == TRUTH).mean() > 0.95

    def test_the_callers_arrays_stay_as_they_were(self, name: str) -> None:
        vectors, labels = VECTORS.copy(), EVEN.labels.copy()
        answer(name, Task(VECTORS, labels, 3, GRAPH))
        assert (vectors == VECTORS).all() and (labels == EVEN.labels).all()


def test_many_classes_are_told_apart_in_more_components() -> None:
    vectors, truth = blobs([6] * 70, apart=2.0, width=160)
    graph = find_neighbours(vectors)
    few, many = (Task(vectors, some(truth, [2] * count), count, graph) for count in (60, 70))
    assert few.reduced.vectors.shape[1] == few.smoothed.vectors.shape[1] == 64
    assert many.reduced.vectors.shape[1] == many.smoothed.vectors.shape[1] == 128
