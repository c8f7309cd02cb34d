"""Tissue: coloured places on white glass, whatever their share of the slide."""

import numpy as np
import pytest

from engine.slides.tissue import otsu, shares_of_tissue, tissue_mask
from engine.types import Pixels

GLASS, PINK, PALE, INK = (244, 243, 245), (214, 120, 170), (236, 210, 226), (12, 10, 14)


def slide(*areas: tuple[slice, slice, tuple[int, int, int]]) -> Pixels:
    picture = np.full((120, 160, 3), GLASS, np.uint8)
    for rows, columns, colour in areas:
        picture[rows, columns] = colour
    return picture


def test_tissue_is_found_and_glass_and_ink_are_not() -> None:
    mask = tissue_mask(slide((slice(20, 80), slice(30, 90), PINK), (slice(90, 110), slice(100, 150), INK)))
    assert mask[25:75, 35:85].all()
    assert not mask[:15].any() and not mask[92:108, 102:148].any()


@pytest.mark.parametrize("colour", [PINK, PALE])
def test_a_slide_that_is_all_tissue_is_all_tissue(colour: tuple[int, int, int]) -> None:
    assert tissue_mask(slide((slice(None), slice(None), colour))).mean() > 0.99


def test_an_empty_slide_and_specks_of_dust_hold_no_tissue() -> None:
    assert not tissue_mask(slide()).any()
    assert not tissue_mask(slide((slice(50, 53), slice(50, 53), PINK))).any()


def test_otsu_cuts_between_two_humps() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0.2, 0.02, 4000), rng.normal(0.7, 0.05, 1000)])
    assert 0.25 < otsu(values) < 0.6


def test_the_shares_of_tissue_in_a_grid_of_rectangles() -> None:
    mask = np.zeros((10, 20), bool)
    mask[:, :10] = True
    mask[9, 19] = True
    shares = shares_of_tissue(mask, np.array([0, 0.25, 0.5]), np.array([0, 0.5]), wide=0.5, high=0.5)
    assert shares.tolist() == [[1, 0.5, 0], [1, 0.5, 0.02]]
    assert shares_of_tissue(mask, np.array([0.999]), np.array([0.999]), wide=1e-4, high=1e-4).tolist() == [[1]]


def test_the_shares_in_a_grid_are_the_means_of_its_rectangles() -> None:
    mask = np.random.default_rng(0).random((97, 203)) < 0.4
    lefts, tops = np.arange(0, 0.9, 0.037), np.arange(0, 0.9, 0.051)
    shares = shares_of_tissue(mask, lefts, tops, wide=0.083, high=0.091)
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            rows = slice(int(top * 97), round((top + 0.091) * 97))
            columns = slice(int(left * 203), round((left + 0.083) * 203))
            assert shares[row, column] == pytest.approx(mask[rows, columns].mean())
