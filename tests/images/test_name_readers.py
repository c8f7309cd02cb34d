"""Each built-in reader reads its real names, auto picks the one that fits, and patterns and folders add theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import PatternInvalid, UnknownName
from engine.images.names import READERS, name_parts, propose_reader, read_names
from engine.project import ColumnSettings

EXAMPLES = {  # reader → (path, its columns); real names wherever the scheme is a data set's
    "breakhis": (
        "b/SOB_M_DC-14-10926-100-003.png",
        {
            "tumour": "M",
            "subtype": "DC",
            "patient": "14-10926",
            "magnification": "100",
            "sequence": "003",
            "field": "14-10926-003",
        },
    ),
    "idc": ("8975_idx5_x351_y1051_class0.png", {"patient": "8975", "x": "351", "y": "1051", "class_in_name": "0"}),
    "her2st": ("B4_x9_y13.jpg", {"slide": "B4", "patient": "B", "section": "4", "x": "9", "y": "13"}),
    "tcga": (
        "TCGA-CR-7395-01A-01-TS1_x512_y0.png",
        {
            "slide": "TCGA-CR-7395-01A-01-TS1",
            "patient": "TCGA-CR-7395",
            "site": "CR",
            "sample": "01",
            "x": "512",
            "y": "0",
        },
    ),
    "tile": ("case_12-a_x512_y1024.tif", {"slide": "case_12-a", "x": "512", "y": "1024"}),
    "patient_number": ("p02_19035.png", {"patient": "02", "number": "19035"}),
    "key_value": ("patient-3_x-12.png", {"patient": "3", "x": "12"}),
}


def test_every_reader_has_an_example() -> None:
    assert set(EXAMPLES) == set(READERS)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_gives_the_columns_of_its_scheme(name: str) -> None:
    path, columns = EXAMPLES[name]
    assert READERS[name](path) == columns


@pytest.mark.parametrize("name", READERS)
def test_auto_proposes_the_reader_for_its_own_names(name: str) -> None:
    assert propose_reader([EXAMPLES[name][0]]) == name


@pytest.mark.parametrize("name", READERS)
def test_no_reader_reads_names_that_say_nothing(name: str) -> None:
    for path in ("IMG_0001.jpg", "scan.png", "train/bird/0338.jpg", "Sanskrit/character29/0879_02.png"):
        assert READERS[name](path) is None


@pytest.mark.parametrize(
    "name, patient",
    [("SOB_B_A-14-22549AB-100-027.png", "14-22549AB"), ("SOB_B_PT-14-22704-40-013.png", "14-22704")],
)
def test_breakhis_patients_keep_their_letters(name: str, patient: str) -> None:
    values = READERS["breakhis"](name)
    assert values is not None
    assert values["patient"] == patient


@pytest.mark.parametrize(
    "path, columns",
    [
        ("patient=3_x=12.png", {"patient": "3", "x": "12"}),
        ("patient=Müller A.png", {"patient": "Müller"}),
        ("obj08_frame018.png", {"obj": "08", "frame": "018"}),
        ("patient-3/slide-2/x-1_y-20.png", {"patient": "3", "slide": "2", "x": "1", "y": "20"}),
        ("stain-h2_z1.5.png", {"stain": "h2", "z": "1.5"}),
    ],
)
def test_keys_and_values_are_found_in_every_spelling(path: str, columns: dict[str, str]) -> None:
    assert READERS["key_value"](path) == columns


def test_a_reader_is_proposed_for_half_of_the_names_and_leaves_the_others_empty() -> None:
    paths = ["p02_1.png", "p03_2.png", "other.png", "more.png"]
    frame = read_names(paths, ColumnSettings())
    assert frame["patient"].isna().tolist() == [False, False, True, True]
    assert propose_reader([*paths, "fifth.png"]) == "none"


def test_no_names_need_no_reader() -> None:
    assert propose_reader([]) == "none"
    assert read_names([], ColumnSettings()).shape == (0, 0)


def test_folder_levels_become_columns_unless_all_share_them() -> None:
    paths = ["set/a/x/1.png", "set/b/2.png", "set/b/y/3.png"]
    frame = read_names(paths, ColumnSettings(reader="none"))
    assert frame[["folder_2", "folder_3"]].to_dict("list") == {"folder_2": ["a", "b", "b"], "folder_3": ["x", "", "y"]}
    assert read_names(paths, ColumnSettings(reader="none", folders=False)).empty


def test_folders_of_the_same_name_are_told_apart_by_their_whole_way() -> None:
    frame = read_names(["b/1/x.png", "c/1/x.png", "c/2/x.png"], ColumnSettings(reader="none"))
    assert frame["folder"].tolist() == ["b/1", "c/1", "c/2"]
    assert "folder" not in read_names(["b/x.png", "c/x.png"], ColumnSettings(reader="none"))


def test_a_pattern_gives_a_column_for_each_named_group_and_outranks_the_reader() -> None:
    columns = ColumnSettings(pattern=r"^(?P<centre>[a-z]+)/p(?P<patient>\d)")
    frame = read_names(["bern/p02_1.png", "rome/p13_2.png"], columns)
    assert frame["centre"].tolist() == ["bern", "rome"]
    assert frame["patient"].tolist() == [0, 1]


def test_what_a_pattern_does_not_find_stays_empty() -> None:
    frame = read_names(["a1.png", "b.png"], ColumnSettings(pattern=r"(?P<letter>a)(?P<digit>\d)?", reader="none"))
    assert frame["letter"].tolist() == ["a", ""]


@pytest.mark.parametrize("pattern", ["(?P<patient>", r"(\d+)"])
def test_a_pattern_that_cannot_serve_says_why(pattern: str) -> None:
    with pytest.raises(PatternInvalid, match="pattern"):
        read_names(["1.png"], ColumnSettings(pattern=pattern))


def test_an_unknown_reader_lists_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="Did you mean breakhis"):
        read_names(["1.png"], ColumnSettings(reader="break_his"))


def test_a_column_named_like_a_measured_one_is_renamed() -> None:
    frame = read_names(["w7.png"], ColumnSettings(pattern=r"w(?P<width>\d)", reader="none"))
    assert list(frame) == ["width_given"]


@pytest.mark.parametrize(
    "data_set, reader",
    [
        ("breakhis100x", "breakhis"),
        ("idc_mini", "idc"),
        ("her2st", "her2st"),
        ("crc_cells", "patient_number"),
        ("coil20", "key_value"),
        ("omniglot", "none"),
        ("cifar10", "none"),
    ],
)
def test_auto_finds_the_reader_of_real_data(shared_data: Callable[[str], Path], data_set: str, reader: str) -> None:
    images = shared_data(data_set) / "images"
    paths = [str(path.relative_to(images)) for path in images.rglob("*") if path.is_file()]
    assert propose_reader(paths) == reader


@pytest.mark.parametrize("name", READERS)
def test_the_parts_of_a_name_are_the_values_that_its_reader_gives(name: str) -> None:
    path, columns = EXAMPLES[name]
    parts = name_parts(path, ColumnSettings(), name)
    assert "".join(part.text for part in parts) == path
    taken = {part.column: part.text for part in parts if part.column}
    assert taken and all(text in columns[column] for column, text in taken.items())
    assert all(taken[column] == columns[column] for column in taken if column not in {"slide", "patient"})
