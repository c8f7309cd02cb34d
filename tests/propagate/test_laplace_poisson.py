"""Laplace and Poisson learning against dense closed forms, the paper's own iteration, and each other's promises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from engine.propagate import PROPAGATIONS
from engine.propagate.balance import class_weights, estimated_shares
from engine.propagate.laplace import Laplace, LaplaceConfig
from engine.propagate.poisson import Poisson, PoissonConfig, level
from engine.propagate.solve import components, degrees, inverse_root
from engine.propagate.spread import SpreadConfig, spread
from engine.types import UNKNOWN, Array, Floats, Indices
from tests.propagate.test_spread import blobs, one_hot, rows_to_one, some_labels, weights

FINE = 1e-7


def small(each: int = 2) -> tuple[csr_array, Indices, Indices]:
    """A connected graph of 200 images in 3 classes, its labels, and the truth."""
    vectors, truth = blobs(200, 3, seed=3)
    graph = weights(vectors, 20)
    graph = csr_array(graph + 1e-3 * csr_array(np.ones(graph.shape, np.float32) - np.eye(200, dtype=np.float32)))
    return graph, some_labels(truth, each), truth


def harmonic(graph: csr_array, labels: Indices, classes: int) -> Array:
    """(D - W)⁻¹ W Y on the images without label, dense, in double precision."""
    dense, known = graph.toarray().astype(np.float64), labels != UNKNOWN
    laplacian = np.diag(dense.sum(axis=1)) - dense
    right = dense[np.ix_(~known, known)] @ one_hot(labels, classes)[known]
    return np.linalg.solve(laplacian[np.ix_(~known, ~known)], right)


def heights(graph: csr_array, labels: Indices, classes: int) -> Array:
    """The Poisson equation by the pseudo-inverse, levelled so that Σ d u = 0."""
    dense = graph.toarray().astype(np.float64)
    degree, seeds, known = dense.sum(axis=1), one_hot(labels, classes), labels != UNKNOWN
    sources = np.where(known[:, None], seeds - seeds[known].mean(axis=0), 0)
    found = np.linalg.pinv(np.diag(degree) - dense) @ sources
    return found - degree @ found / degree.sum()


def solved_heights(graph: csr_array, labels: Indices, classes: int) -> Floats:
    degree = degrees(graph)
    solution = Poisson(PoissonConfig(), FINE).answer(graph, labels, classes).solution
    return level(inverse_root(degree)[:, None] * solution, degree, components(graph))


def test_laplace_is_the_harmonic_function() -> None:
    graph, labels, _ = small()
    found = Laplace(LaplaceConfig(class_mass="none"), FINE).answer(graph, labels, 3).probabilities
    np.testing.assert_allclose(found[labels == UNKNOWN], harmonic(graph, labels, 3), atol=1e-4)
    assert (found[labels != UNKNOWN] == one_hot(labels, 3)[labels != UNKNOWN]).all()


def test_laplace_class_masses_are_those_of_zhu() -> None:
    graph, labels, _ = small()
    labels[np.flatnonzero(labels == 0)[0]] = UNKNOWN  # 1, 2 and 2 labels
    closed = harmonic(graph, labels, 3)
    for mass, wanted in (("uniform", np.ones(3)), ("labels", np.array([2, 3, 3]))):
        found = Laplace(LaplaceConfig(class_mass=mass), FINE).answer(graph, labels, 3).probabilities
        expected = rows_to_one(closed * wanted / closed.sum(axis=0))
        np.testing.assert_allclose(found[labels == UNKNOWN], expected, atol=2e-4)


def test_poisson_solves_the_papers_equation() -> None:
    graph, labels, _ = small()
    expected = heights(graph, labels, 3)
    np.testing.assert_allclose(solved_heights(graph, labels, 3), expected, atol=1e-4 * float(np.abs(expected).max()))


def test_poisson_is_where_the_papers_iteration_goes() -> None:
    """Algorithm 1: u ← u + D⁻¹ (b - L u), from 0, which keeps Σ d u = 0 at every step."""
    graph, labels, _ = small()
    dense, seeds, known = graph.toarray().astype(np.float64), one_hot(labels, 3), labels != UNKNOWN
    degree = dense.sum(axis=1, keepdims=True)
    source, walk = np.where(known[:, None], seeds - seeds[known].mean(axis=0), 0), np.zeros((200, 3))
    for _ in range(3_000):
        walk += (source - degree * walk + dense @ walk) / degree
    np.testing.assert_allclose(solved_heights(graph, labels, 3), walk, atol=1e-4 * float(np.abs(walk).max()))


def test_poisson_decides_by_height_over_share_of_the_labels() -> None:
    graph, labels, _ = small()
    labels[np.flatnonzero(labels == 0)[0]] = UNKNOWN
    closed, counts = heights(graph, labels, 3), np.array([1, 2, 2])
    for mass, decided in (("uniform", closed / counts), ("labels", closed)):
        found = Poisson(PoissonConfig(class_mass=mass), FINE).answer(graph, labels, 3).probabilities
        np.testing.assert_array_equal(found.argmax(axis=1), decided.argmax(axis=1))
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["laplace", "poisson"])
class TestBoth:
    def test_one_label_a_class_is_enough_where_classes_lie_apart(self, name: str) -> None:
        vectors, truth = blobs(600, 4)
        found = PROPAGATIONS[name](PROPAGATIONS[name].Config()).answer(weights(vectors), some_labels(truth, 1), 4)
        assert (found.probabilities.argmax(axis=1) == truth).mean() > 0.9

    def test_an_island_without_labels_stays_unknown_and_one_of_one_class_takes_it(self, name: str) -> None:
        graph = csr_array(block_diag([weights(blobs(60)[0]), weights(blobs(40, seed=1)[0]), [[0.0]]]), dtype=np.float32)
        part = components(graph)
        labels = np.full(101, UNKNOWN)
        labels[[0, np.flatnonzero(part == part[0])[-1]]] = [0, 1]
        lone = np.flatnonzero(part == part[-2])
        labels[lone[0]] = 2
        found = PROPAGATIONS[name](PROPAGATIONS[name].Config()).answer(graph, labels, 4).probabilities
        assert (found[~np.isin(part, part[labels != UNKNOWN])] == 0).all() and (found[-1] == 0).all()
        assert (found[lone].argmax(axis=1) == 2).all() and (found[:, 3] == 0).all()
        np.testing.assert_allclose(found[part == part[0]].sum(axis=1), 1, atol=1e-5)

    def test_a_warm_start_changes_the_steps_and_not_the_answer(self, name: str) -> None:
        vectors, truth = blobs(1_000)
        graph, labels = weights(vectors), some_labels(truth, 5)
        part = PROPAGATIONS[name](PROPAGATIONS[name].Config())
        before = part.answer(graph, labels, 4)
        kept = before.solution.copy()
        again = part.answer(graph, labels, 4, before.solution)
        labels[np.flatnonzero(labels == UNKNOWN)[0]] = truth[np.flatnonzero(labels == UNKNOWN)[0]]
        cold, warm = part.answer(graph, labels, 4), part.answer(graph, labels, 4, before.solution)
        np.testing.assert_allclose(warm.probabilities, cold.probabilities, atol=0.02)
        assert (warm.probabilities.argmax(axis=1) == cold.probabilities.argmax(axis=1)).mean() > 0.99
        assert again.steps <= 1 and (before.solution == kept).all()


class TestShares:
    def test_separate_classes_tell_their_shares_but_for_the_pull_to_even(self) -> None:
        """By hand: with certain answers, shares (0.7, 0.2, 0.1) and as many imagined even ones: their mean."""
        certain = np.repeat(np.eye(3), [70, 20, 10], axis=0)
        np.testing.assert_allclose(estimated_shares(certain), (np.array([0.7, 0.2, 0.1]) + 1 / 3) / 2)

    def test_answers_that_tell_nothing_leave_shares_even(self) -> None:
        np.testing.assert_allclose(estimated_shares(np.full((50, 4), 0.3)), np.full(4, 0.25))

    def test_a_class_without_mass_gets_no_share(self) -> None:
        raw = np.array([[1, 0, 0], [0, 3, 0], [0, 1, 0]], np.float32)
        assert class_weights(raw, np.array([0, 1, UNKNOWN]), "estimated")[2] == 0

    def test_estimated_shares_bear_skewed_labels_and_beat_even_ones_on_imbalanced_images(self) -> None:
        """Classes of 80, 15 and 5 %, labelled once evenly, once the scarcest ten times as often."""
        rng = np.random.default_rng(0)
        truth = rng.choice(3, 1_500, p=[0.8, 0.15, 0.05])
        vectors = (0.6 * rng.normal(size=(3, 8))[truth] + rng.normal(size=(1_500, 8))).astype(np.float32)
        graph, even = weights(vectors), some_labels(truth, 4)
        skewed = even.copy()
        skewed[np.flatnonzero(truth == 2)[:40]] = 2
        right = {
            (name, mass): (spread(graph, labels, 3, SpreadConfig(class_mass=mass)).argmax(axis=1) == truth).mean()
            for name, labels in (("even", even), ("skewed", skewed))
            for mass in ("uniform", "estimated", "labels")
        }
        assert right["even", "estimated"] > right["even", "uniform"] + 0.02
        assert right["skewed", "estimated"] > right["skewed", "labels"] + 0.2
