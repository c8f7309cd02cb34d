"""Each strategy against scikit-activeml or by hand; what all of them must hold stands in test_suggest.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from engine.classify import Task
from engine.geometry.neighbours import affinity
from engine.images.table import read_rows, write_rows
from engine.labels.store import LabelStore
from engine.labels.suggest import STRATEGIES, Choice, Situation, suggest
from engine.labels.suggest.badge import draw_apart
from engine.labels.suggest.batch import apart, farthest_first
from engine.labels.suggest.disagreement import divergence
from engine.labels.suggest.entropy import entropy
from engine.labels.suggest.groups import share_out
from engine.labels.suggest.herding import herd
from engine.labels.suggest.influence import within_reach
from engine.labels.suggest.probcover import pure_radius
from engine.project import Project
from engine.propagate.solve import symmetric_normal
from engine.types import UNKNOWN, Floats, Indices
from tests.classify.blobs import answer, blobs, some
from tests.labels.test_suggest import choose, five_regions, graph_of, regions, situation

__all__ = ["five_regions"]  # the fixture

ONE_EACH = [0, 150, 270, 360, 420]  # a row of each region
NEED_ANSWERS = ["margin", "entropy", "badge", "spread_uncertainty", "influence", "disagreement"]


def overlapping(labels_a_class: int = 2) -> tuple[Situation, Indices]:
    """300 images of three classes that run into each other, a few of each labelled; and the true classes."""
    rng = np.random.default_rng(1)
    truth = np.repeat(np.arange(3), 100)
    vectors = (np.eye(3, 8)[truth] * 3 + rng.normal(size=(300, 8))).astype(np.float32)
    labels = np.full(300, UNKNOWN)
    for one in range(3):
        rows = np.flatnonzero(truth == one)[:labels_a_class]
        labels[rows] = one
    return Situation(Task(vectors, labels, 3, graph_of(vectors)), labels == UNKNOWN, ["red", "green", "blue"]), truth


def choices(name: str, now: Situation, count: int) -> list[Choice]:
    part = STRATEGIES[name]
    return part(part.Config()).choose(now, count, np.random.default_rng(0))


class TestProbCover:
    @pytest.mark.filterwarnings("ignore:The maximum purity")  # the radius is given
    def test_covers_as_many_images_at_each_step_as_scikit_activeml(self) -> None:
        oracle = pytest.importorskip("skactiveml.pool")
        now, _ = overlapping()
        part = STRATEGIES["probcover"]
        mine = part(part.Config(radius=0.7)).choose(now, 6, np.random.default_rng(0))
        strategy: Any = oracle.ProbCover(n_classes=3, deltas=[0.7], random_state=0)
        labels = np.where(now.labels == UNKNOWN, np.nan, now.labels)
        rows, utilities = strategy.query(now.points, labels, batch_size=6, return_utilities=True)
        assert [one.score for one in mine] == utilities[np.arange(6), rows].tolist()

    def test_its_radius_is_the_largest_pure_one_that_scikit_activeml_finds(self) -> None:
        oracle = pytest.importorskip("skactiveml.pool")
        now, truth = overlapping()
        distances = pairwise_distances(now.points)
        radius = pure_radius(distances, truth, 0.95)

        class Truth:
            def __init__(self, n_clusters: int) -> None: ...

            def fit_predict(self, vectors: Floats) -> Indices:
                return truth

        grid = np.arange(0.02, 2, 0.001)
        strategy: Any = oracle.ProbCover(n_classes=3, deltas=grid, cluster_algo=Truth, distance_func=pairwise_distances)
        strategy.query(now.points, np.full(300, np.nan), batch_size=1)
        assert strategy.delta_max_ <= radius + 1e-6 < strategy.delta_max_ + 0.0011

    def test_takes_the_largest_region_first(self) -> None:
        _, region = regions()
        assert region[choose("probcover", situation([]), 5)].tolist() == [0, 1, 2, 3, 4]


class TestCoreSet:
    def test_chooses_what_scikit_activeml_chooses(self) -> None:
        oracle = pytest.importorskip("skactiveml.pool")
        now, _ = overlapping()
        labels = np.where(now.labels == UNKNOWN, np.nan, now.labels)
        expected = oracle.CoreSet(random_state=0).query(now.points, labels, batch_size=10)
        assert [one.row for one in choices("coreset", now, 10)] == expected.tolist()

    def test_farthest_first_by_hand(self) -> None:
        line = np.array([[0], [1], [4], [10]], np.float32)
        rows, distances = farthest_first(line, np.array([0, 1, 4, 10], np.float32), np.ones(4, bool), 2)
        assert (rows, distances) == ([3, 2], [10.0, 4.0])


class TestDoubt:
    def test_entropy_of_certainty_is_none_and_of_four_even_classes_ln_4(self) -> None:
        found = entropy(np.array([[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]], np.float32))
        np.testing.assert_allclose(found, [0, np.log(4)], atol=1e-6)

    def test_margin_begins_with_the_image_of_the_smallest_margin(self) -> None:
        now, _ = overlapping()
        open_rows = np.flatnonzero(now.open)
        assert choices("margin", now, 1)[0].row == open_rows[now.margin[open_rows].argmin()]

    @pytest.mark.parametrize("name", ["margin", "entropy", "influence", "disagreement"])
    def test_no_image_of_a_batch_is_a_neighbour_of_another(self, name: str) -> None:
        now, _ = overlapping()
        rows = [one.row for one in choices(name, now, 4)]
        for row in rows:
            assert not set(now.graph.indices[row].tolist()) & set(rows)

    def test_neighbours_come_in_when_nothing_else_is_left(self) -> None:
        now = situation([])
        assert len(set(apart(np.arange(450), now.graph, 450))) == 450

    @pytest.mark.parametrize("name", NEED_ANSWERS)
    def test_before_two_classes_are_labelled_it_says_so_and_takes_typical_ones(self, name: str) -> None:
        found = choices(name, situation([3]), 5)
        assert all(one.reason.startswith("no answers yet: ") for one in found)
        assert [one.row for one in found] == choose("typiclust", situation([3]), 5)

    def test_the_reason_names_the_classes(self) -> None:
        now, _ = overlapping()
        reason = choices("margin", now, 1)[0].reason
        assert " or " in reason and sum(name in reason for name in now.names) == 2


class TestBadge:
    def test_draws_as_from_the_gradients_written_out(self) -> None:
        rng = np.random.default_rng(0)
        errors, points = (rng.normal(size=(60, width)).astype(np.float32) for width in (3, 5))
        gradients = np.einsum("nl,nd->nld", errors, points).reshape(60, 15)
        whole = draw_apart(np.ones((60, 1), np.float32), gradients, 12, np.random.default_rng(4))
        parts = draw_apart(errors, points, 12, np.random.default_rng(4))
        assert whole[0] == parts[0]
        np.testing.assert_allclose(parts[1], np.linalg.norm(gradients[parts[0]], axis=1), rtol=1e-5)

    def test_begins_with_the_longest_gradient_and_never_repeats_a_direction(self) -> None:
        errors = np.array([[1], [1], [1], [3]], np.float32)
        points = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], np.float32)
        places, _ = draw_apart(errors, points, 2, np.random.default_rng(0))
        assert places[0] == 3 and places[1] in (0, 1, 2)


def test_spread_uncertainty_takes_one_of_each_kind_of_doubt() -> None:
    """Three classes have three borders; the first three doubtful images lie on different ones."""
    now, _ = overlapping(5)
    found = choices("spread_uncertainty", now, 3)
    points = now.points[[one.row for one in found]]
    assert (points @ points.T)[np.triu_indices(3, 1)].max() < 0.9


def test_doubt_within_reach_is_the_closed_form() -> None:
    now, _ = overlapping()
    graph = affinity(now.graph, 15)
    doubt = np.random.default_rng(0).random(300).astype(np.float32)
    expected = 0.1 * np.linalg.solve(np.eye(300) - 0.9 * symmetric_normal(graph).toarray(), doubt)
    np.testing.assert_allclose(within_reach(graph, doubt, 0.9), expected, rtol=0.02)


def test_members_that_contradict_each_other_diverge_by_ln_2_and_those_that_agree_not_at_all() -> None:
    sure, other = [1.0, 0.0], [0.0, 1.0]
    found = divergence(np.array([[sure, sure], [other, sure]]))
    np.testing.assert_allclose(found, [np.log(2), 0], atol=1e-6)


def test_the_hunt_for_a_rare_class_finds_the_small_region_without_a_label() -> None:
    vectors, region = regions()
    now = situation([0, 150, 270, 360])  # all but the smallest
    assert region[choices("rare_class", now, 1)[0].row] == 4
    assert len(vectors) == 450


class TestHerding:
    def test_chooses_what_a_greedy_search_over_all_images_chooses(self) -> None:
        """Against the definition written out: every step tries every image."""
        rng = np.random.default_rng(2)
        points, weights = rng.normal(size=(60, 3)), rng.random(60).astype(np.float32)
        cover = np.exp(-pairwise_distances(points, metric="sqeuclidean")).astype(np.float32)
        covered, allowed = rng.random(60).astype(np.float32) / 4, np.arange(60) != 7
        expected: list[int] = []
        for _ in range(8):
            best = np.maximum(covered, cover[expected].max(axis=0)) if expected else covered
            totals = [
                (np.maximum(best, cover[one]) @ weights) if allowed[one] and one not in expected else -1
                for one in range(60)
            ]
            expected.append(int(np.argmax(totals)))
        assert [place for place, _, _ in herd(cover, covered, weights, allowed, 8)] == expected

    def test_gains_by_hand(self) -> None:
        """Of three images the first two cover each other half; the third lies alone and weighs 2."""
        cover = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], np.float32)
        found = herd(cover, np.zeros(3, np.float32), np.array([1, 1, 2], np.float32), np.ones(3, bool), 3)
        assert found == [(2, 2.0, 1), (0, 1.5, 2), (1, 0.5, 1)]

    def test_without_labels_it_takes_one_of_each_region(self) -> None:
        _, region = regions()
        assert set(region[choose("herding", situation([]), 5)]) == {0, 1, 2, 3, 4}

    def test_leaves_regions_with_labels_to_the_end(self) -> None:
        _, region = regions()
        assert set(region[choose("herding", situation([0, 160]), 3)]) == {2, 3, 4}

    def test_asks_about_doubtful_images_once_each_class_has_a_label(self) -> None:
        now, _ = overlapping(3)
        chosen = [one.row for one in choices("herding", now, 10)]
        assert now.margin[chosen].mean() < now.margin[now.open].mean() - 0.1
        assert " or " in choices("herding", now, 1)[0].reason


class TestAuto:
    def test_begins_with_images_that_stand_for_others(self) -> None:
        chosen = choices("auto", situation([]), 1)[0]
        assert chosen.row == choose("herding", situation([]), 1)[0]
        assert chosen.reason.startswith("stands for ")

    def test_goes_on_with_doubt_as_herding_does(self) -> None:
        now, _ = overlapping(3)
        assert choices("auto", now, 10) == choices("herding", now, 10)


class TestGroups:
    def test_each_choice_goes_to_the_group_with_the_fewest(self) -> None:
        wanted = [Choice(row, 1.0, "why") for row in (0, 1, 2, 3, 4, 5)]
        groups = np.array([0, 0, 0, 1, 1, 2, 1])
        shared = share_out(wanted, groups, ["ann", "bob", "cy"], np.array([6]), 4)
        assert [one.row for one in shared] == [0, 5, 1, 3]
        assert shared[0].reason == "why; the first of ann"

    def test_suggestions_can_be_shared_out_over_a_column(self, five_regions: Project) -> None:
        rows = read_rows(five_regions)
        rows["patient"] = [f"p{row % 10}" for row in range(len(rows))]
        write_rows(five_regions, rows)
        for strategy in ("random", "coreset"):
            found = suggest(five_regions, "e", strategy, count=10, spread_over="patient")
            assert len({one.row % 10 for one in found}) == 10
            assert all(one.reason.endswith(f"; the first of patient p{one.row % 10}") for one in found)


def test_class_names_of_the_project_stand_in_the_reason(five_regions: Project, tmp_path: Path) -> None:
    store = LabelStore(five_regions)
    for name, row in zip(["gland", "fat"], ONE_EACH[:2], strict=True):
        store.label([f"i{row}"], store.add_class(name, "ada").id, "ada", "key")
    reason = suggest(five_regions, "e", "margin", count=1)[0].reason
    assert "gland" in reason and "fat" in reason


def test_doubt_among_many_classes_is_that_of_discriminants() -> None:
    vectors, truth = blobs([6] * 70, apart=2.0, width=160)
    for classes, expected in ((60, "logistic"), (70, "lda")):
        labels = some(truth, [2] * classes)
        now = Situation(Task(vectors, labels, classes, graph_of(vectors)), labels == UNKNOWN)
        np.testing.assert_allclose(now.linear, answer(expected, now.task), atol=1e-6)
