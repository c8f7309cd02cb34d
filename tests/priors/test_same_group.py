"""Partners by group: who is drawn, how often, how fast; and what coverage says beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.errors import ColumnMissing, SettingInvalid
from engine.images.table import ImageTable
from engine.priors import PriorSpec, build_priors, parse_prior, prior_text
from engine.priors.candidates import same_value
from engine.priors.same_group import SameGroup
from engine.types import Indices


def make_table(**columns: list[str]) -> ImageTable:
    count = len(next(iter(columns.values())))
    ids = [f"{row:012x}" for row in range(count)]
    return ImageTable(pd.DataFrame({"id": ids, "path": ids, "content": ids, **columns}))


def draw(patients: list[str], count: int, repeats: int = 200) -> Indices:
    """Partners [repeats N P] of all images of a table, drawn again and again."""
    table, rng = make_table(patient=patients), np.random.default_rng(0)
    anchors = np.arange(len(patients))
    return np.stack([SameGroup().pairs(table, anchors, count, rng) for _ in range(repeats)])


def test_partners_share_the_group_and_are_never_the_anchor_itself() -> None:
    patients = ["a", "b", "a", "b", "a", "c", "c"]
    partners = draw(patients, 1)
    names = np.array(patients)
    assert (names[partners] == names[:, None]).all()
    assert (partners != np.arange(7)[:, None]).all()


def test_an_image_alone_or_without_a_group_is_its_own_partner() -> None:
    partners = draw(["a", "", "b", "b"], 2)
    assert (partners[:, 0] == 0).all()
    assert (partners[:, 1] == 1).all()


def test_partners_of_one_anchor_differ_where_the_group_is_large_enough() -> None:
    partners = draw(["a"] * 5, 4)
    assert all(len(set(row)) == 4 for row in partners.reshape(-1, 4).tolist())


def test_a_small_group_gives_each_of_its_others_in_turn() -> None:
    partners = draw(["a"] * 3, 5)
    counts = np.sort([np.bincount(row, minlength=3) for row in partners.reshape(-1, 5)], axis=1)
    assert (counts == [0, 2, 3]).all()  # never itself; the two others as evenly as five allow


def test_all_others_are_equally_likely_in_every_position() -> None:
    partners = draw(["a"] * 5, 2, repeats=4000)
    for anchor in range(5):
        for position in range(2):
            share = np.bincount(partners[:, anchor, position], minlength=5) / 4000
            assert share[anchor] == 0
            assert np.delete(share, anchor) == pytest.approx(0.25, abs=0.03)


def test_the_same_seed_gives_the_same_partners() -> None:
    assert np.array_equal(draw(list("aabbab"), 3, 5), draw(list("aabbab"), 3, 5))


def test_ten_thousand_of_a_million_images_have_partners_of_their_group() -> None:
    codes = np.random.default_rng(0).integers(0, 20_000, 1_000_000)
    known = same_value(codes)
    rng = np.random.default_rng(1)
    anchors = rng.integers(0, 1_000_000, 10_000)
    partners = known.draw(anchors, 4, rng)
    assert (codes[partners] == codes[anchors][:, None]).all()


def test_images_of_a_group_are_kin_when_masked() -> None:
    table = make_table(patient=["a", "b", "", "a"])
    kin = SameGroup(mask=True).kin(table)
    assert kin is not None
    assert [kin.of(row).tolist() for row in range(4)] == [[3], [], [], [0]]
    assert SameGroup(mask=False).kin(table) is None


def test_coverage_counts_what_can_be_paired() -> None:
    coverage = SameGroup().check(make_table(patient=["a", "a", "a", "b", "b", "c", ""]))
    assert (coverage.images, coverage.with_partner, coverage.groups) == (7, 5, 2)
    assert (coverage.median_group, coverage.largest_group) == (2, 3)
    assert coverage.fraction == pytest.approx(5 / 7)
    assert coverage.sentence == (
        "5 of 7 images have a partner by “patient”, in 2 groups; the other 2 are paired with themselves."
    )
    assert coverage.warnings == ("1 images have no “patient”.",)


def test_full_coverage_is_said_without_a_warning() -> None:
    coverage = SameGroup().check(make_table(patient=["a", "a", "b", "b", "c", "c"]))
    assert coverage.sentence == "All 6 images have a partner by “patient”, in 3 groups."
    assert coverage.warnings == ()


@pytest.mark.parametrize(
    ("patients", "warning"),
    [
        ([""] * 4, "is empty"),
        (["a", "b", "c", "d"], "belongs to one image only"),
        (["a"] * 9 + ["b"], "One group holds 9 of 10 images"),
    ],
)
def test_columns_that_pair_badly_are_warned_of(patients: list[str], warning: str) -> None:
    assert any(warning in text for text in SameGroup().check(make_table(patient=patients)).warnings)


def test_a_missing_column_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(ColumnMissing, match="patient"):
        SameGroup(column="patent").check(make_table(patient=["a", "b"]))


def test_a_line_names_a_prior_with_its_settings() -> None:
    (prior,) = build_priors([parse_prior("same_group:slide:share=0.8:mask=no")])
    assert prior == SameGroup(column="slide", share=0.8, mask=False)


def test_a_setting_out_of_range_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="at most 1"):
        parse_prior("same_group:slide:share=1.5")


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (PriorSpec("same_group", {"column": "slide", "share": 0.8}), "same_group:slide:share=0.8"),
        (PriorSpec("same_patient", {"column": "patient"}), "same_patient"),
        (PriorSpec("same_group", {"column": "a=b"}), "same_group:column=a=b"),
        (PriorSpec("augmentation"), "augmentation"),
    ],
)
def test_a_prior_is_written_as_the_shortest_line_that_names_it(spec: PriorSpec, line: str) -> None:
    assert prior_text(spec) == line
    assert build_priors([parse_prior(line)]) == build_priors([spec])
