"""The draws of labels: the same for all, nested, by class, and disjoint in groups where that is asked."""

from __future__ import annotations

import numpy as np
import pytest

from engine.bench.draws import Draw, draws, owners_of
from engine.types import UNKNOWN

TRUTH = np.array([0] * 30 + [1] * 30 + [2] * 3 + [UNKNOWN] * 7)
OWNERS = np.arange(70) % 10


@pytest.fixture
def drawn() -> list[Draw]:
    return list(draws(TRUTH, OWNERS, [1, 5], range(4)))


def test_draws_depend_on_the_seed_alone(drawn: list[Draw]) -> None:
    again = list(draws(TRUTH, OWNERS, [1, 5], range(4)))
    assert all(np.array_equal(one.support, two.support) for one, two in zip(drawn, again, strict=True))
    assert len({tuple(one.support) for one in drawn if one.labels == 5 and one.folds == "all"}) == 4


def test_a_draw_takes_n_of_each_class_and_leaves_one_of_a_small_class(drawn: list[Draw]) -> None:
    for draw in drawn:
        if draw.folds == "all":
            assert list(np.bincount(TRUTH[draw.support])) == [draw.labels, draw.labels, min(draw.labels, 2)]


def test_the_smaller_draw_lies_in_the_larger_one(drawn: list[Draw]) -> None:
    for one, five in zip(drawn[::2], drawn[1::2], strict=True):
        assert (one.labels, five.labels, one.folds) == (1, 5, five.folds)
        assert set(one.support) < set(five.support)


def test_no_labelled_image_is_scored_and_no_unknown_one_is_used(drawn: list[Draw]) -> None:
    for draw in drawn:
        assert not set(draw.support) & set(draw.scored)
        assert (TRUTH[np.r_[draw.support, draw.scored]] != UNKNOWN).all()


def test_all_folds_score_every_other_image(drawn: list[Draw]) -> None:
    for draw in drawn:
        if draw.folds == "all":
            assert len(draw.support) + len(draw.scored) == np.count_nonzero(TRUTH != UNKNOWN)


def test_disjoint_folds_share_no_group(drawn: list[Draw]) -> None:
    disjoint = [draw for draw in drawn if draw.folds == "disjoint"]
    assert len(disjoint) == 8
    for draw in disjoint:
        assert not set(OWNERS[draw.support]) & set(OWNERS[draw.scored])
        assert len(set(OWNERS[draw.scored])) == 5


def test_without_groups_there_are_no_disjoint_folds() -> None:
    assert {draw.folds for draw in draws(TRUTH, None, [1], range(2))} == {"all"}


def test_an_image_without_a_group_is_a_group_of_its_own() -> None:
    owners = owners_of(np.array([0, UNKNOWN, 0, UNKNOWN]))
    assert owners[0] == owners[2]
    assert len(set(owners)) == 3
