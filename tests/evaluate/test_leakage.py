"""Leakage in embeddings whose groups are known to be readable, or not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

from engine.evaluate.leakage import chance_share, leaks, linear_probe, neighbour_shares
from engine.images.table import ImageTable
from engine.types import UNKNOWN, Floats, Indices

RNG = np.random.default_rng(0)
SLIDES = np.repeat(np.arange(6), 40)
LEAKING = (RNG.normal(size=(240, 8)) + 6 * np.eye(8)[SLIDES]).astype(np.float32)
CLEAN = RNG.normal(size=(240, 8)).astype(np.float32)


def neighbours(vectors: Floats) -> Indices:
    found = NearestNeighbors(n_neighbors=13).fit(vectors).kneighbors(vectors, return_distance=False)
    rows: Indices = found[:, 1:].astype(np.int64)
    return rows


def make_table() -> ImageTable:
    ids = [f"{row:012x}" for row in range(240)]
    named = {"folder_1": [f"f{code}" for code in SLIDES], "slide": [f"s{code}" for code in SLIDES]}
    named |= {"unique": ids, "same": ["x"] * 240, "x": [row % 40 for row in range(240)]}
    return ImageTable(pd.DataFrame({"id": ids, "path": ids, "content": ids, **named}))


def test_shares_count_neighbours_of_the_own_group() -> None:
    codes = np.array([0, 0, 1, UNKNOWN])
    shares = neighbour_shares(np.array([[1, 2], [0, 3], [0, 1], [0, 1]]), codes, count=2)
    assert shares[:3].tolist() == [0.5, 1.0, 0.0]  # an image without a group is nobody's neighbour
    assert np.isnan(shares[3])


def test_chance_is_that_of_random_pairs() -> None:
    codes = RNG.integers(0, 4, 300)
    pairs = [(a, b) for a in range(300) for b in range(300) if a != b]
    assert chance_share(codes) == pytest.approx(np.mean([codes[a] == codes[b] for a, b in pairs]))


def test_names_places_and_columns_that_say_the_same_are_no_leaks_of_their_own() -> None:
    found = leaks(make_table(), np.arange(240), neighbours(LEAKING), LEAKING)
    assert [leak.column for leak in found] == ["slide"]


def test_a_slide_that_can_be_read_is_called_a_strong_leak() -> None:
    (leak,) = leaks(make_table(), np.arange(240), neighbours(LEAKING), LEAKING)
    assert (leak.column, leak.groups, leak.strength) == ("slide", 6, "strong")
    assert leak.neighbours > 0.95 and leak.probe > 0.95
    assert leak.sentence.endswith("Score on other groups only: evaluate by slide.")


def test_a_slide_that_cannot_be_read_is_no_leak() -> None:
    (leak,) = leaks(make_table(), np.arange(240), neighbours(CLEAN), CLEAN)
    assert leak.strength == "slight"
    assert leak.neighbours == pytest.approx(leak.chance, abs=0.05)
    assert leak.probe == pytest.approx(1 / 6, abs=0.1)


def test_images_that_are_gone_count_nowhere() -> None:
    rows = np.where(SLIDES == 0, UNKNOWN, np.arange(240))
    (leak,) = leaks(make_table(), rows, neighbours(LEAKING), LEAKING)
    assert leak.groups == 5


def test_too_few_groups_cannot_be_probed() -> None:
    accuracy, groups = linear_probe(CLEAN, np.zeros(240, np.int64), np.random.default_rng(0))
    assert np.isnan(accuracy) and groups == 1
