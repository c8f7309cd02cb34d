"""Each prior pairs what its docstring says, reaches all that it should, and says what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.errors import ColumnMissing, ColumnUnusable, SettingInvalid
from engine.images.table import ImageTable
from engine.priors import PRIORS, Pairing, Prior, parse_prior
from engine.priors.sequence_order import natural_places
from engine.types import Indices


def make_table(paths: list[str] | None = None, **columns: list[object]) -> ImageTable:
    count = len(paths or next(iter(columns.values())))
    ids = [f"{row:012x}" for row in range(count)]
    return ImageTable(pd.DataFrame({"id": ids, "path": paths or ids, "content": ids, **columns}))


def partners(prior: Prior, table: ImageTable, row: int) -> set[int]:
    """All partners that 300 draws of an image find."""
    return set(prior.pairs(table, np.array([row]), 300, np.random.default_rng(0))[0].tolist())


def build(name: str, **settings: object) -> Prior:
    return PRIORS[name].from_settings(settings)


FIELDS = make_table(
    field=["a", "a", "a", "a", "b", "b", "c"], magnification=[40, 100, 200, 400, 40, 200, 400], stain=list("hehehhe")
)


@pytest.mark.parametrize(
    ("pairing", "expected"),
    [
        ("random", {0: {1, 2, 3}, 3: {0, 1, 2}, 4: {5}, 6: {6}}),
        ("ordered", {0: {1}, 1: {2}, 2: {3}, 3: {2}, 4: {5}, 5: {4}, 6: {6}}),
        ("fixed", {0: {0}, 1: {1}, 2: {3}, 3: {2}, 5: {5}}),
    ],
)
def test_magnification_pairs_one_field_at_two_magnifications(pairing: str, expected: dict[int, set[int]]) -> None:
    prior = build("magnification", pairing=pairing)
    assert {row: partners(prior, FIELDS, row) for row in expected} == expected


def test_magnifications_that_are_not_there_are_named() -> None:
    with pytest.raises(SettingInvalid, match="20 and 400; the images have 40, 100, 200, 400"):
        build("magnification", pairing="fixed", low=20).check(FIELDS)


def test_images_of_one_field_are_no_negatives() -> None:
    kin = build("magnification", pairing="ordered").kin(FIELDS)
    assert kin is not None and [set(kin.of(row).tolist()) for row in (1, 4, 6)] == [{0, 2, 3}, {5}, set()]
    assert build("magnification", mask=False).kin(FIELDS) is None


def test_modality_pairs_one_subject_in_two_stains() -> None:
    prior = build("modality", subject="field", modality="stain")
    assert [partners(prior, FIELDS, row) for row in (0, 1, 4, 6)] == [{1, 3}, {0, 2}, {4}, {6}]


def test_temporal_neighbours_are_near_in_time_and_of_one_sequence() -> None:
    table = make_table(sequence=["a"] * 5 + ["b"] * 2, time=[0, 1, 2, 5, 5, 1, 2])
    prior = build("temporal_neighbour", reach=1)
    assert [partners(prior, table, row) for row in range(7)] == [{1}, {0, 2}, {1}, {4}, {3}, {6}, {5}]


def test_files_follow_one_another_as_a_person_counts() -> None:
    paths = ["s/i10.png", "s/i9.png", "s/i1.png", "t/i2.png", "t/i11.png"]
    table = make_table(paths)
    prior = build("sequence_order", reach=1)
    assert [partners(prior, table, row) for row in range(5)] == [{1}, {0, 2}, {1}, {4}, {3}]
    assert natural_places(paths).tolist() == [2, 1, 0, 3, 4]


def test_sequences_may_be_named_by_a_column() -> None:
    table = make_table([f"{row}.png" for row in range(4)], day=["m", "t", "m", "t"])
    assert [partners(build("sequence_order", sequence="day"), table, row) for row in range(4)] == [{2}, {3}, {0}, {1}]


def grid(**extra: list[object]) -> ImageTable:
    """A 4 x 3 grid of tiles, 256 apart, row after row."""
    return make_table(x=[256 * (row % 4) for row in range(12)], y=[256 * (row // 4) for row in range(12)], **extra)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"radius": 1.5}, {0, 1, 2, 4, 6, 8, 9, 10}),
        ({"radius": 1}, {1, 4, 6, 9}),
        ({"radius": 256, "unit": "column"}, {1, 4, 6, 9}),
        ({"radius": 128, "unit": "µm"}, {1, 4, 6, 9}),
    ],
)
def test_spatial_neighbours_lie_within_the_radius(settings: dict[str, object], expected: set[int]) -> None:
    table = grid(slide=["s"] * 12, mpp=[0.5] * 12)
    assert partners(build("spatial_neighbour", **settings), table, 5) == expected


def test_tiles_of_other_slides_and_without_a_place_are_no_neighbours() -> None:
    table = grid(slide=["s"] * 6 + ["t"] * 6)
    assert partners(build("spatial_neighbour"), table, 5) == {0, 1, 2, 4}
    unplaced = make_table(slide=["s"] * 3, x=[0, 1, np.nan], y=[0, 0, 0])
    assert [partners(build("spatial_neighbour"), unplaced, row) for row in range(3)] == [{1}, {0}, {2}]


def test_serial_sections_are_the_same_place_on_the_next_section() -> None:
    table = make_table(patient=["p"] * 12, section=[1] * 4 + [2] * 4 + [4] * 4, x=[0, 1, 2, 9] * 3, y=[0] * 12)
    prior = build("serial_section", radius=0)
    assert [partners(prior, table, row) for row in (0, 4, 8)] == [{4}, {0}, {8}]
    assert partners(build("serial_section", radius=1), table, 0) == {4, 5}
    assert partners(build("serial_section", radius=0, reach=2), table, 4) == {0, 8}


def test_a_taxonomy_pairs_leaves_before_branches() -> None:
    paths = ["a/b/c/0.png", "a/b/c/1.png", "a/b/d/2.png", "a/e/f/3.png", "g/4.png"]
    table = make_table(paths)
    assert partners(build("taxonomy", distance=1), table, 0) == {1}
    assert partners(build("taxonomy", distance=2), table, 0) == {1, 2}
    assert partners(build("taxonomy", distance=3), table, 0) == {1, 2, 3}
    assert partners(build("taxonomy", distance=9), table, 4) == {4}  # nothing but the root in common
    assert partners(build("taxonomy", distance=2), table, 2) == {0, 1}  # no other image on its own leaf


def test_deeper_levels_of_a_taxonomy_are_drawn_by_their_weight() -> None:
    table = make_table(["a/b/0.png", "a/b/1.png", "a/c/2.png"])
    drawn = build("taxonomy", distance=2, decay=0.5).pairs(table, np.zeros(9000, np.int64), 1, np.random.default_rng(0))
    assert (drawn == 1).mean() == pytest.approx(2 / 3, abs=0.02)


def test_same_folder_asks_for_no_column() -> None:
    table = make_table(["a/x/0.png", "a/x/1.png", "a/y/2.png", "3.png"])
    assert [partners(build("same_folder"), table, row) for row in range(4)] == [{1}, {0}, {2}, {3}]
    assert partners(build("same_folder", levels=1), table, 0) == {1, 2}


@pytest.mark.parametrize(("name", "column"), [("same_patient", "patient"), ("same_slide", "slide")])
def test_same_patient_and_same_slide_know_their_columns(name: str, column: str) -> None:
    table = make_table(**{column: ["u", "v", "u"]})
    assert partners(build(name), table, 0) == {2}


def test_what_is_missing_is_said() -> None:
    with pytest.raises(ColumnMissing, match="sequence"):
        build("temporal_neighbour").check(make_table(time=[1, 2]))
    with pytest.raises(ColumnUnusable, match="holds text such as “noon”"):
        build("temporal_neighbour").check(make_table(sequence=["a", "a"], time=["noon", "night"]))


def test_coverage_is_said_in_plain_words() -> None:
    found = build("temporal_neighbour").check(make_table(sequence=["a", "a", "b"], time=[0, 1, 1]))
    assert (found.images, found.with_partner, found.median_partners) == (3, 2, 1)
    assert found.sentence == (
        "2 of 3 images have a partner within 1 of its “time” in the same “sequence”; 1 to choose from, in the median. "
        "One is paired with itself."
    )


WHOLE = make_table(
    [f"s/{row}.png" for row in range(12)],
    **{name: ["u"] * 12 for name in ("patient", "slide", "sequence", "subject", "field")},
    modality=["h", "e"] * 6,
    magnification=[10, 20] * 6,
    section=[1, 2] * 6,
    time=list(range(12)),
    x=[row // 2 for row in range(12)],
    y=[0] * 12,
)


@pytest.mark.parametrize("name", list(PRIORS))
def test_every_prior_pairs_every_image_by_its_usual_settings(name: str) -> None:
    prior = PRIORS[name].from_settings({})
    anchors: Indices = np.array([2, 0, 11])
    drawn = prior.pairs(WHOLE, anchors, 3, np.random.default_rng(0))
    again = prior.pairs(WHOLE, anchors, 3, np.random.default_rng(0))
    assert drawn.shape == (3, 3) and np.array_equal(drawn, again)
    assert prior.describe() and prior.check(WHOLE).with_partner == 12
    if name not in ("augmentation", "stain"):
        assert (drawn != anchors[:, None]).all()


def test_a_line_sets_the_columns_of_a_prior() -> None:
    assert parse_prior("temporal_neighbour:film:time=t:reach=2").settings == {
        "sequence": "film",
        "time": "t",
        "reach": "2",
    }


def test_stains_vary_in_place_of_hue_and_saturation() -> None:
    pairing = Pairing.of(WHOLE, [build("augmentation", preset="histology"), build("stain", strength=0.4)])
    assert (pairing.recipe.stain, pairing.recipe.hue, pairing.recipe.saturation) == (0.4, 0, 0)
    assert pairing.recipe.rotation == 180
