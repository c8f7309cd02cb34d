"""What the measurement of priors prepares and looks at: sections laid over each other, tiles that belong together."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from engine.bench.compare import Difference
from tests.benchmarks.priors import cell
from tests.benchmarks.priors_data import laid_over
from tests.benchmarks.priors_slides import MEASURES, NEAREST, chance_of, relations, share_of


def test_a_section_that_was_shifted_lies_over_the_one_before_it() -> None:
    shape = np.array([(x, y) for x, y in product(range(8), range(6)) if (x, y) not in {(0, 0), (7, 5), (3, 0)}])
    shifted = shape + np.array([5, -3])
    spots = np.concatenate([np.c_[shape, np.full(len(shape), 2)], np.c_[shifted, np.full(len(shape), 3)]])
    placed = laid_over(spots)
    assert (placed[: len(shape)] == shape).all()
    assert (placed[len(shape) :] == shape).all()


def tiles() -> SimpleNamespace:
    """Two scales of a 2 x 2 grid on one slide; the coarse tiles share the centres of the fine ones."""
    places = list(product((0, 64), repeat=2))
    frame = pd.DataFrame(
        [
            {"slide": "a", "field": f"{x}-{y}", "magnification": scale, "x": x, "y": y, "extent": 64 * 20 / scale}
            for scale in (20, 10)
            for x, y in places
        ]
    )
    return SimpleNamespace(column=frame.__getitem__, codes=lambda name: (pd.factorize(frame[name])[0], []))


def test_tiles_are_related_by_place_field_and_scale() -> None:
    beside, field, scale = (relations(tiles())[name] for name in MEASURES)  # type: ignore[arg-type]
    assert (beside.sum(axis=1) == 3).all()  # the other three of a grid of four, corner to corner included
    assert (field.sum(axis=1) == 1).all()
    assert (scale.sum(axis=1) == 3).all()
    assert not (beside & field).any()


def test_chance_is_what_random_neighbours_find() -> None:
    rng, count = np.random.default_rng(0), 60
    related = np.zeros((count, count), bool)
    related[np.arange(count), (np.arange(count) + 7) % count] = True
    drawn = np.stack(
        [rng.permutation(np.delete(np.arange(count), row))[:NEAREST] for row in range(count) for _ in "abcdefghij"]
    )
    repeated = np.repeat(related, 10, axis=0)
    for name in MEASURES:
        found = share_of(repeated, drawn, name)
        assert found == pytest.approx(chance_of(related, name), abs=0.05 if name == MEASURES[1] else 0.01)


def test_a_cell_shows_the_score_and_the_gain_in_points() -> None:
    assert cell(0.5, Difference(0.031, 0.01, 0.052)) == ".500 (+3.1; +1.0 to +5.2)"
    assert cell(0.5, None) == ".500"
    assert cell(None, None) == ""
