"""Label spreading against its closed form and scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array
from sklearn.neighbors import NearestNeighbors
from sklearn.semi_supervised import LabelSpreading

from engine.geometry.neighbours import Graph, affinity
from engine.propagate.solve import conjugate_gradients, symmetric_normal
from engine.propagate.spread import Spread, SpreadConfig, spread
from engine.types import UNKNOWN, Array, Floats, Indices


def blobs(images: int = 300, classes: int = 4, seed: int = 0) -> tuple[Floats, Indices]:
    """Vectors [N 8] around one centre a class, and the class of each."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, images)
    vectors = rng.normal(size=(classes, 8))[truth] * 2 + rng.normal(size=(images, 8))
    return vectors.astype(np.float32), truth


def weights(vectors: Floats, count: int = 10) -> csr_array:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    distances, indices = NearestNeighbors().fit(unit).kneighbors(n_neighbors=count)
    similarities = (1 - distances**2 / 2).astype(np.float32)
    return affinity(Graph(indices.astype(np.int32), similarities, "exact", 1.0), count)


def some_labels(truth: Indices, each: int) -> Indices:
    """The first `each` images of every class labelled."""
    labels = np.full(len(truth), UNKNOWN)
    for one in np.unique(truth):
        labels[np.flatnonzero(truth == one)[:each]] = one
    return labels


def one_hot(labels: Indices, classes: int) -> Array:
    return (labels[:, None] == np.arange(classes)).astype(np.float64)


def closed_form(graph: csr_array, labels: Indices, classes: int, alpha: float) -> Array:
    """(1 - α) (I - αS)⁻¹ Y, dense, in double precision."""
    dense = graph.toarray().astype(np.float64)
    degree = dense.sum(axis=1)
    normal = dense / np.sqrt(np.outer(degree, degree))
    return (1 - alpha) * np.linalg.solve(np.eye(len(dense)) - alpha * normal, one_hot(labels, classes))


def rows_to_one(values: Array) -> Array:
    return values / values.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("alpha", [0.2, 0.9, 0.99])
def test_the_solution_is_the_closed_form(alpha: float) -> None:
    vectors, truth = blobs()
    graph, labels = weights(vectors), some_labels(truth, 3)
    found, _ = conjugate_gradients(symmetric_normal(graph), one_hot(labels, 4).astype(np.float32), alpha)
    expected = closed_form(graph, labels, 4, alpha)
    np.testing.assert_allclose(found, expected, atol=1e-6 * float(expected.max()) / (1 - alpha))


def test_probabilities_are_the_closed_form_scaled_to_equal_class_masses() -> None:
    vectors, truth = blobs()
    graph, labels = weights(vectors), some_labels(truth, 3)
    expected = closed_form(graph, labels, 4, 0.9)
    found = spread(graph, labels, 4)
    np.testing.assert_allclose(found, rows_to_one(expected / expected.sum(axis=0)), atol=1e-4)


def test_class_masses_follow_the_labels_where_asked() -> None:
    vectors, truth = blobs()
    graph, labels = weights(vectors), some_labels(truth, 2)
    labels[np.flatnonzero(truth == 0)[:20]] = 0
    expected = closed_form(graph, labels, 4, 0.9)
    wanted = np.array([21, 3, 3, 3]) / expected.sum(axis=0)  # counts plus one
    found = spread(graph, labels, 4, SpreadConfig(class_mass="labels"))
    np.testing.assert_allclose(found, rows_to_one(expected * wanted), atol=1e-4)


def test_scikit_learn_says_the_same_over_the_same_graph() -> None:
    vectors, truth = blobs()
    graph, labels = weights(vectors), some_labels(truth, 3)
    oracle = LabelSpreading(kernel=lambda left, right: graph.toarray(), alpha=0.9, max_iter=2_000, tol=1e-10)
    oracle.fit(vectors, labels)
    found = spread(graph, labels, 4, SpreadConfig(class_mass="none"))
    np.testing.assert_allclose(found, oracle.label_distributions_, atol=1e-4)


def test_twenty_times_as_many_labels_of_one_class_do_not_swallow_the_others() -> None:
    vectors, truth = blobs(images=1_200)
    labels = some_labels(truth, 3)
    labels[np.flatnonzero(truth == 0)[:60]] = 0
    graph, rest = weights(vectors), labels == UNKNOWN
    share = {
        mass: spread(graph, labels, 4, SpreadConfig(class_mass=mass)).argmax(axis=1) for mass in ("uniform", "none")
    }
    right = {mass: (answer == truth)[rest & (truth != 0)].mean() for mass, answer in share.items()}
    assert right["uniform"] > 0.9
    assert right["uniform"] > right["none"] + 0.1


class TestReach:
    two_islands = csr_array(block_diag([weights(blobs(60)[0]), weights(blobs(40, seed=1)[0])]))

    def test_an_island_without_labels_stays_unknown(self) -> None:
        labels = np.full(100, UNKNOWN)
        labels[[0, 1]] = [0, 1]
        found = spread(self.two_islands, labels, 2)
        assert (found[60:] == 0).all()
        np.testing.assert_allclose(found[:60].sum(axis=1), 1, atol=1e-5)

    def test_a_warm_start_does_not_reach_an_island_that_lost_its_labels(self) -> None:
        labels = np.full(100, UNKNOWN)
        labels[[0, 1, 70]] = [0, 1, 1]
        before = Spread(SpreadConfig()).answer(self.two_islands, labels, 2)
        assert (before.probabilities[60:] > 0).any()
        labels[70] = UNKNOWN
        after = Spread(SpreadConfig()).answer(self.two_islands, labels, 2, before.solution)
        assert (after.probabilities[60:] == 0).all()

    def test_an_image_without_neighbours_knows_only_its_own_label(self) -> None:
        graph = csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], np.float32))
        found = spread(graph, np.array([0, UNKNOWN, 1, UNKNOWN]), 2)
        np.testing.assert_allclose(found, [[1, 0], [1, 0], [0, 1], [0, 0]])

    def test_a_class_without_labels_gets_nothing(self) -> None:
        vectors, truth = blobs()
        found = spread(weights(vectors), some_labels(truth, 3), 6)
        assert (found[:, 4:] == 0).all()


class TestWarmStart:
    def test_it_changes_the_steps_and_not_the_answer(self) -> None:
        vectors, truth = blobs(images=1_000)
        graph, labels = weights(vectors), some_labels(truth, 20)
        before = Spread(SpreadConfig()).answer(graph, labels, 4)
        labels[np.flatnonzero(labels == UNKNOWN)[0]] = 1
        cold = Spread(SpreadConfig()).answer(graph, labels, 4)
        warm = Spread(SpreadConfig()).answer(graph, labels, 4, before.solution)
        np.testing.assert_allclose(warm.probabilities, cold.probabilities, atol=1e-4)
        assert warm.steps < cold.steps

    def test_nothing_new_takes_no_step(self) -> None:
        vectors, truth = blobs()
        graph, labels = weights(vectors), some_labels(truth, 3)
        before = Spread(SpreadConfig()).answer(graph, labels, 4)
        assert Spread(SpreadConfig()).answer(graph, labels, 4, before.solution).steps <= 1

    def test_what_the_caller_gave_is_left_as_it_was(self) -> None:
        vectors, truth = blobs()
        graph, labels = weights(vectors), some_labels(truth, 3)
        before = Spread(SpreadConfig()).answer(graph, labels, 4)
        kept = before.solution.copy(), labels.copy(), graph.copy()
        labels[5] = 0
        Spread(SpreadConfig()).answer(graph, labels, 4, before.solution)
        labels[5] = kept[1][5]
        assert (before.solution == kept[0]).all() and (labels == kept[1]).all() and abs(graph - kept[2]).max() == 0
