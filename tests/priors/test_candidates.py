"""Candidates against a double loop over all images: who may be whose partner, and that draws are fair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.priors.candidates import Candidates, from_edges, other_value, same_value, wanted_value, within
from engine.types import UNKNOWN, Array, Indices

CODES = st.lists(st.integers(-1, 3), min_size=1, max_size=24).map(lambda codes: np.array(codes, np.int64))
Predicate = Callable[[int, int], bool]


def expect(found: Candidates, images: int, predicate: Predicate) -> None:
    """The candidates are those of the predicate, and nothing else is ever drawn."""
    for row in range(images):
        wanted = [other for other in range(images) if other != row and predicate(row, other)]
        assert sorted(found.of(row).tolist()) == wanted
        assert found.others[row] == len(wanted)
        drawn = found.draw(np.array([row]), 40, np.random.default_rng(row))
        assert set(drawn[0].tolist()) == set(wanted or [row])
    expect_mask(found, images, predicate)


def expect_mask(found: Candidates, images: int, predicate: Predicate) -> None:
    """The mask is that of the predicate, for rows in any order, repeated, and unknown."""
    left, right = np.random.default_rng(0).integers(0, images, 9), np.append(np.arange(images)[::-1], [UNKNOWN, 0])
    wanted = [[bool(o not in (UNKNOWN, one) and predicate(one, int(o))) for o in right] for one in left.tolist()]
    assert found.among(left, right).tolist() == wanted


def columns(count: int, seed: int) -> tuple[Indices, Array]:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 6, count).astype(np.float64)
    values[rng.random(count) < 0.1] = np.nan
    return rng.integers(-1, 3, count), values


@settings(max_examples=40)
@given(CODES)
def test_same_value(codes: Indices) -> None:
    expect(same_value(codes), len(codes), lambda one, other: codes[one] == codes[other] != UNKNOWN)


@settings(max_examples=40)
@given(CODES, st.integers(0, 99))
def test_other_value(codes: Indices, seed: int) -> None:
    kinds = np.random.default_rng(seed).integers(-1, 3, len(codes))

    def predicate(one: int, other: int) -> bool:
        known = UNKNOWN not in (codes[one], kinds[one], kinds[other])
        return bool(known and codes[one] == codes[other] and kinds[one] != kinds[other])

    expect(other_value(codes, kinds), len(codes), predicate)


@settings(max_examples=40)
@given(CODES, st.integers(0, 99))
def test_wanted_value(codes: Indices, seed: int) -> None:
    kinds = np.random.default_rng(seed).integers(-1, 3, len(codes))
    wanted = np.where(kinds == UNKNOWN, UNKNOWN, (kinds + 1) % 3)

    def predicate(one: int, other: int) -> bool:
        known = UNKNOWN not in (codes[one], kinds[one])
        return bool(known and codes[one] == codes[other] and kinds[other] == wanted[one])

    expect(wanted_value(codes, kinds, wanted), len(codes), predicate)


@settings(max_examples=40)
@given(st.integers(1, 24), st.integers(0, 99), st.sampled_from([0.0, 1.0, 2.5]))
def test_within(count: int, seed: int, reach: float) -> None:
    codes, values = columns(count, seed)

    def predicate(one: int, other: int) -> bool:
        return bool(codes[one] == codes[other] != UNKNOWN and abs(values[one] - values[other]) <= reach)

    expect(within(codes, values, reach), count, predicate)


@settings(max_examples=40)
@given(st.integers(2, 12), st.integers(0, 99))
def test_edges(images: int, seed: int) -> None:
    matrix = np.random.default_rng(seed).random((images, images)) < 0.3
    np.fill_diagonal(matrix, False)
    left, right = np.nonzero(matrix)
    expect(from_edges(images, left, right), images, lambda one, other: bool(matrix[one, other]))


def test_all_candidates_are_equally_likely_around_the_block_that_is_left_out() -> None:
    known = other_value(np.zeros(9, np.int64), np.repeat([0, 1, 2], 3))
    drawn = known.draw(np.full(20_000, 4), 2, np.random.default_rng(0))
    for position in range(2):
        shares = np.bincount(drawn[:, position], minlength=9) / 20_000
        assert shares[[0, 1, 2, 6, 7, 8]] == pytest.approx(1 / 6, abs=0.015)
        assert shares[3:6].sum() == 0


@pytest.mark.parametrize("kind", ["same", "within", "other"])
def test_ten_thousand_of_a_million_images_have_partners_of_their_value(kind: str) -> None:
    rng = np.random.default_rng(0)
    codes, values = rng.integers(0, 2000, 1_000_000), rng.integers(0, 500, 1_000_000)
    known = {
        "same": lambda: same_value(codes),
        "within": lambda: within(codes, values, 3.0),
        "other": lambda: other_value(codes, values),
    }[kind]()
    anchors = rng.integers(0, 1_000_000, 10_000)
    partners = known.draw(anchors, 2, rng)
    assert (codes[partners] == codes[anchors][:, None]).all()
