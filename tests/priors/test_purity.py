"""Purity and risks: known tables with known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from engine.images.table import ImageTable
from engine.priors.purity import purity, wilson
from engine.priors.risks import colour_tells, one_class_groups
from engine.priors.same_group import SameGroup
from engine.types import UNKNOWN


def make_table(patients: list[str]) -> ImageTable:
    ids = [f"{row:012x}" for row in range(len(patients))]
    return ImageTable(pd.DataFrame({"id": ids, "path": ids, "content": ids, "patient": patients}))


def test_purity_is_the_mean_share_of_labelled_partners_of_the_same_class() -> None:
    codes = np.array([0, 0, 1, UNKNOWN, 1, 1, 0, UNKNOWN])  # a: 0 0 1 ?   b: 1 1   c: 0 ?
    found = purity(SameGroup(), make_table(list("aaaabbcc")), codes, np.random.default_rng(0))
    assert found.images == 5
    assert found.share == pytest.approx((1 / 2 + 1 / 2 + 0 + 1 + 1) / 5)
    assert found.chance == pytest.approx(0.5)


def test_the_interval_is_wilsons() -> None:
    interval = binomtest(9, 12).proportion_ci(method="wilson")
    assert wilson(0.75, 12) == pytest.approx((interval.low, interval.high), abs=1e-6)


def test_without_labelled_partners_nothing_is_claimed() -> None:
    found = purity(SameGroup(), make_table(list("aabb")), np.array([0, -1, 1, -1]), np.random.default_rng(0))
    assert found.images == 0 and not found.harmful
    assert "label a few images" in found.sentence


def test_partners_that_disagree_more_than_chance_are_called_harmful() -> None:
    patients, codes = [f"p{row // 2}" for row in range(60)], np.arange(60) % 2
    assert purity(SameGroup(), make_table(patients), codes, np.random.default_rng(0)).harmful


def test_groups_of_one_class_are_named() -> None:
    groups, codes = np.repeat([0, 1, 2], 5), np.array([0] * 5 + [0, 1, 0, 1, 1] + [1, UNKNOWN, UNKNOWN, 1, UNKNOWN])
    sentence = one_class_groups(groups, ["p1", "p2", "p3"], codes, "patient")
    assert sentence.startswith("1 of 2 groups with at least 4 labelled images have one class only, such as patient p1.")
    assert one_class_groups(groups, ["p1", "p2", "p3"], np.tile([0, 1], 8)[:15], "patient") == ""


def test_colours_that_tell_the_slide_are_warned_of_and_others_are_not() -> None:
    rng, groups = np.random.default_rng(0), np.repeat(np.arange(6), 20)
    assert colour_tells(groups[:, None] + 0.01 * rng.random((120, 3)), groups, "slide").startswith(
        "Colour alone tells the slide: for 100% of the images"
    )
    assert colour_tells(rng.random((120, 3)), groups, "slide") == ""
