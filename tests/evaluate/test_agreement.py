"""Kappa against scikit-learn and a table worked by hand; conflicts and how they are settled."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from engine.evaluate.agreement import agreement, cohen, fleiss
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project


def test_cohens_kappa_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    first = rng.integers(4, size=200)
    second = np.where(rng.random(200) < 0.7, first, rng.integers(4, size=200))
    found = cohen(first, second, 4, ["ana", "ben"])
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second))
    assert found.interval[0] < found.kappa < found.interval[1]


def test_fleiss_kappa_of_five_images_three_people_and_three_classes_by_hand() -> None:
    counts = np.array([[3, 0, 0], [0, 3, 0], [2, 1, 0], [1, 1, 1], [0, 0, 3]])
    same = (1 + 1 + 1 / 3 + 0 + 1) / 5
    chance = (6 / 15) ** 2 + (5 / 15) ** 2 + (4 / 15) ** 2
    found = fleiss(counts, ["ana", "ben", "eva"])
    assert found.agreement == pytest.approx(same)
    assert found.kappa == pytest.approx((same - chance) / (1 - chance))


def test_fleiss_kappa_of_ten_subjects_and_fourteen_raters_is_0_210() -> None:
    counts = np.array(
        [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ]
    )  # https://en.wikipedia.org/wiki/Fleiss%27_kappa, the worked example
    assert fleiss(counts, []).kappa == pytest.approx(0.210, abs=5e-4)


def test_fleiss_kappa_of_two_people_is_scotts_pi() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.integers(3, size=60), rng.integers(3, size=60)
    second[:30] = first[:30]
    chance = ((np.bincount(first, minlength=3) + np.bincount(second, minlength=3)) / 120) ** 2
    pi = (np.mean(first == second) - chance.sum()) / (1 - chance.sum())
    assert fleiss(np.eye(3, dtype=int)[first] + np.eye(3, dtype=int)[second], []).kappa == pytest.approx(pi)


def test_labels_of_one_class_leave_nothing_to_agree_on() -> None:
    found = cohen(np.zeros(5, int), np.zeros(5, int), 2, ["ana", "ben"])
    assert (found.agreement, found.kappa, found.interval, found.word) == (1.0, None, [], "not defined")


def test_the_interval_covers_the_kappa_of_all_images_in_about_95_of_100_samples() -> None:
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        first = rng.integers(2, size=80)
        second = np.where(rng.random(80) < 0.8, first, 1 - first)  # kappa of all: 0.6
        low, high = cohen(first, second, 2, []).interval
        covered += low <= 0.6 <= high
    assert 180 <= covered <= 199


@pytest.fixture
def two_people(project: Project) -> Project:
    store, ids = LabelStore(project), list(read_table(project).ids)
    tumour, stroma = (store.add_class(name, "ana").id for name in ("tumour", "stroma"))
    store.label(ids[:6], tumour, "ana", "key")
    store.label(ids[:4], tumour, "ben", "key")
    store.label(ids[4:6], stroma, "ben", "key")
    store.label(ids[6:9], stroma, "ben", "key")
    store.label(ids[6:9], stroma, "ana", "key")
    return project


def test_two_people_are_compared_on_the_images_both_labelled(two_people: Project) -> None:
    found = agreement(two_people)
    assert found.together is None
    assert [(one.people, one.images) for one in found.pairs] == [(["ana", "ben"], 9)]
    assert found.pairs[0].agreement == pytest.approx(7 / 9)
    assert found.pairs[0].kappa == pytest.approx(cohen_kappa_score([0] * 6 + [1] * 3, [0] * 4 + [1] * 5))


def test_a_conflict_is_open_until_somebody_settles_it(two_people: Project) -> None:
    store, ids = LabelStore(two_people), list(read_table(two_people).ids)
    store.confirm([ids[4]], [store.class_named("tumour").id], "eva")
    first, second = agreement(two_people).conflicts
    assert (first.id, first.said, first.settled) == (ids[5], {"ana": "tumour", "ben": "stroma"}, "")
    assert (second.id, second.settled) == (ids[4], "tumour")
    assert "1 image to settle" in agreement(two_people).sentence


def test_three_people_are_measured_together_over_what_at_least_two_labelled(two_people: Project) -> None:
    store, ids = LabelStore(two_people), list(read_table(two_people).ids)
    store.label(ids[:2], store.class_named("tumour").id, "eva", "key")
    together = agreement(two_people).together
    assert together is not None
    assert (together.images, sorted(together.people)) == (9, ["ana", "ben", "eva"])


def test_one_person_alone_is_told_to_ask_a_second(project: Project) -> None:
    store = LabelStore(project)
    store.label(list(read_table(project).ids[:3]), store.add_class("a", "ana").id, "ana", "key")
    assert agreement(project).sentence.startswith("One person has labelled, so there is no agreement")
