"""Names alone lead to a pattern that reads them: known schemes by their names, others by what changes in them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images.names import propose_reader
from engine.images.patterns import parse
from engine.images.propose import propose

BREAKHIS = ["SOB_M_DC-14-10926-100-003", "SOB_B_A-14-22549AB-100-027", "SOB_M_MC-14-13413-40-017",
            "SOB_B_PT-14-22704-200-013"]  # fmt: skip
HER2ST = [f"{patient}{section}_x{x}_y{y}" for patient in "BC" for section in "14" for x, y in ((9, 13), (10, 27))]
IDC = [f"{patient}_idx5_x{x}_y1051_class{x % 2}" for patient in (8863, 10253) for x in (151, 351, 400)]
COIL = [f"obj{thing:02}_frame{time:03}" for thing in (1, 2, 20) for time in range(6)]
CELLS = [f"p{patient:02}_{number}" for patient, number in ((2, 19035), (2, 19036), (62, 17680), (18, 8527))]
OMNIGLOT = [f"{alphabet}/character{character:02}/{sheet:04}_{drawer:02}" for alphabet in ("Balinese", "Early_Aramaic")
            for character, sheet in ((1, 108), (6, 113)) for drawer in (1, 2, 16)]  # fmt: skip
TCGA = [f"TCGA-{site}-7395-01A-01-TS1_x{x}_y0" for site in ("CR", "A2") for x in (0, 512)]
SOURCE = [f"SOB/{patient}/40X/{patient}-40-{n:03}" for patient in ("A14", "B7") for n in range(4)]
GRID = [f"liver-{slide}_{x}_{y}" for slide in "ab" for x in (0, 512, 1024) for y in (256, 768, 1280)]
WELLS = [f"plate-{plate}/t{time:02}_well-{well}" for plate in (1, 2) for time in (0, 1) for well in (5, 6)]
SCALES = [f"{name}_{scale}x" for name in ("adenosis", "lobular_carcinoma", "mucinous_carcinoma") for scale in (40, 100)]
FOLDS = [f"{split}/{kind}/{n:04}" for split in ("train", "test") for kind in ("benign", "malignant") for n in range(3)]


def paths(stems: list[str]) -> list[str]:
    return [f"{stem}.png" for stem in stems]


@pytest.mark.parametrize(
    "stems, reader, columns",
    [
        (BREAKHIS, "breakhis", {"tumour", "subtype", "patient", "magnification", "sequence", "field"}),
        (HER2ST, "her2st", {"slide", "patient", "section", "x", "y"}),
        (IDC, "idc", {"patient", "x", "y", "class_in_name"}),
        (COIL, "key_value", {"obj", "frame"}),
        (CELLS, "patient_number", {"patient", "number"}),
        (TCGA, "tcga", {"slide", "patient", "site", "sample", "x", "y"}),
    ],
)
def test_a_known_scheme_comes_first_as_auto_takes_it(stems: list[str], reader: str, columns: set[str]) -> None:
    first = propose(paths(stems))[0]
    assert (first.reader, first.pattern, first.coverage) == (reader, "", 1)
    assert {column.name for column in first.columns} == columns
    assert propose_reader(paths(stems)) == reader


@pytest.mark.parametrize(
    "stems, template",
    [
        (COIL, "obj{obj:number}_frame{time:number}"),
        (CELLS, "p{patient:number}_{number:number}"),
        (OMNIGLOT, "{folder_1}/character{character:number}/{group:number}_{number:number}"),
        (SOURCE, "{folder_2}/40X/{folder_2}-40-{number:number}"),  # the repeated part is one column
        (GRID, "liver-{kind}_{x:number}_{y:number}"),
        (WELLS, "plate-{plate:number}/t{time:number}_well-{well:number}"),
        (SCALES, "{group}_{magnification:number}x"),
        (FOLDS, "{split}/{class_in_name}/{number:number}"),
    ],
)
def test_a_template_is_made_from_what_changes(stems: list[str], template: str) -> None:
    made = [one for one in propose(paths(stems)) if one.pattern]
    assert [one.pattern for one in made][:1] == [template]
    assert made[0].coverage == 1


def test_names_of_two_kinds_are_read_each_by_its_own_and_the_share_is_told() -> None:
    mixed = paths(BREAKHIS * 2 + [f"scan {n:03}" for n in range(6)])
    known, *_, other = propose(mixed)
    assert (known.reader, known.matched, known.looked_at) == ("breakhis", 8, 14)
    assert other.pattern == "scan {number:number}"
    assert known.reason.startswith("57% of the names: SOB_M_DC-14-10926-100-003 gives tumour")


@pytest.mark.parametrize(
    "names", [[], ["one.png"], ["a.png", "b.png"], ["0f3a.png", "c41d.png", "9e22.png"], ["a", "b"]]
)
def test_names_that_tell_nothing_get_no_proposal(names: list[str]) -> None:
    assert propose(names) == []


@given(st.lists(st.text("ab1-_./ {*}", min_size=1, max_size=14), max_size=12))
def test_every_proposal_reads_what_it_says_whatever_the_names(names: list[str]) -> None:
    for one in propose(names):
        assert 0 < one.matched <= one.looked_at == len(names)
        if one.pattern:
            assert len(parse(names, one.pattern).unmatched) == len(names) - one.matched


@settings(max_examples=20)
@given(st.data())
def test_a_folder_of_numbered_names_is_read_whole_and_rightly(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(["slide", "roi", "core", "batch"]), min_size=2, max_size=3, unique=True))
    joint = data.draw(st.sampled_from(["_", "-", " "]))
    rows = list(itertools.product(range(2, 5), repeat=len(words)))
    names = [joint.join(f"{word}{n}" for word, n in zip(words, row, strict=True)) + ".tif" for row in rows]
    template = next(one.pattern for one in propose(names) if one.pattern)
    read = parse(names, template)
    assert not read.unmatched
    assert [tuple(row) for row in read.columns[words].to_numpy().tolist()] == rows
