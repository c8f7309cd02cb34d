"""Columns of a CSV find their images; what finds none is reported; what cannot be read says why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.errors import TableUnreadable
from engine.images.columns import tidy
from engine.images.join import join_columns, preview_join

FRAME = pd.DataFrame({"path": ["a/1.png", "a/2.png", "b/3.png"]})


def joined(tmp_path: Path, text: str | bytes, name: str = "columns.csv") -> tuple[pd.DataFrame, list[str]]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return join_columns(FRAME, path)


def test_values_stand_beside_their_images_and_the_rest_is_empty(tmp_path: Path) -> None:
    frame, unmatched = joined(tmp_path, "path,stain,age\nb/3.png,PAS,61\na/1.png,H&E,\nc.png,x,5\n")
    assert frame["stain"].tolist() == ["H&E", "", "PAS"]
    assert frame["age"].tolist()[2] == 61
    assert frame["age"].isna().tolist() == [True, True, False]
    assert unmatched == ["c.png"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_comma_semicolon_and_tab_separate(tmp_path: Path, separator: str) -> None:
    frame, _ = joined(tmp_path, f"path{separator}x\na/1.png{separator}4\n")
    assert frame["x"][0] == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_umlauts_are_read_in_the_usual_encodings(tmp_path: Path, encoding: str) -> None:
    frame, _ = joined(tmp_path, "path,clinic\na/1.png,Köln\n".encode(encoding))
    assert frame["clinic"][0] == "Köln"


@pytest.mark.parametrize("header", ["Path", "filename", "image", "file_name"])
def test_the_path_column_may_have_its_usual_names(tmp_path: Path, header: str) -> None:
    frame, _ = joined(tmp_path, f"x,{header}\n1,a/2.png\n")
    assert frame["x"][1] == 1


def test_a_class_called_na_is_a_value(tmp_path: Path) -> None:
    frame, _ = joined(tmp_path, "path,kind\na/1.png,NA\n")
    assert frame["kind"].tolist() == ["NA", "", ""]


def test_of_two_lines_about_an_image_the_last_counts(tmp_path: Path) -> None:
    frame, _ = joined(tmp_path, "path,x\na/1.png,1\na/1.png,2\n")
    assert frame["x"][0] == 2


def test_a_measured_columns_name_is_not_taken(tmp_path: Path) -> None:
    frame, _ = joined(tmp_path, "path,id\na/1.png,7\n")
    assert "id_given" in frame


def test_a_parquet_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "columns.parquet"
    pd.DataFrame({"path": ["a/1.png", "b/3.png"], "x": [1.5, None]}).to_parquet(path)
    frame, _ = join_columns(FRAME, path)
    assert frame["x"].tolist()[0] == 1.5


@pytest.mark.parametrize("text", ["", "stain,age\nPAS,6\n", b"\x00\x01\x02"])
def test_a_file_without_paths_says_so(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(TableUnreadable, match=r"columns\.csv"):
        joined(tmp_path, text)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match="No such file"):
        join_columns(FRAME, tmp_path / "none.csv")


@pytest.mark.parametrize(
    "text, values",
    [
        (["1", "2"], [1, 2]),
        (["007", "012"], [7, 12]),
        (["07", "7"], ["07", "7"]),
        (["1.50", "-2e3"], [1.5, -2000]),
        (["12", "3a"], ["12", "3a"]),
        ([" x ", "y"], ["x", "y"]),
        (["12345678901234567890", "1"], ["12345678901234567890", "1"]),
        (["True", "False"], ["True", "False"]),
        (["", ""], ["", ""]),
    ],
)
def test_text_becomes_numbers_only_where_nothing_is_lost(text: list[str], values: list[object]) -> None:
    assert tidy(pd.Series(text)).tolist() == values


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_in_the_encodings_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    frame, _ = joined(tmp_path, "path;stain\na/1.png;Färbung\n".encode(encoding))
    assert frame["stain"].tolist() == ["Färbung", "", ""]


def test_a_comma_at_the_end_of_every_line_shifts_no_column(tmp_path: Path) -> None:
    frame, unmatched = joined(tmp_path, "path,stain\na/1.png,PAS,\nb/3.png\n")
    assert (frame["stain"].tolist(), unmatched) == (["PAS", "", ""], [])


def test_a_preview_says_how_each_line_found_its_image_and_what_is_left(tmp_path: Path) -> None:
    source = tmp_path / "columns.csv"
    source.write_text("stain,path\nPAS,a/1.png\nH&E,images/b/3.png\nH&E,x/2.png\nPAS,gone.png\nPAS,a/1.png\n")
    found = preview_join([*FRAME["path"], "c/1.png", "d/5.png"], source)
    assert (found.path_column, found.lines, found.by_path, found.by_name, found.joined) == ("path", 5, 3, 1, 4)
    assert (found.nowhere, found.ambiguous, found.repeated) == (["gone.png"], [], ["a/1.png"])
    assert found.without_line == ["c/1.png", "d/5.png"]
    assert found.columns == {"stain": ["PAS", "H&E"]}


def test_a_file_name_that_two_images_have_is_told_as_ambiguous(tmp_path: Path) -> None:
    source = tmp_path / "columns.csv"
    source.write_text("path,x\n1.png,1\n")
    found = preview_join(["a/1.png", "b/1.png"], source)
    assert (found.ambiguous, found.nowhere, found.joined) == (["1.png"], [], 0)


def test_only_wanted_columns_are_taken_and_a_wanted_one_that_is_gone_is_told(tmp_path: Path) -> None:
    source = tmp_path / "columns.csv"
    source.write_text("path,stain,age\na/1.png,PAS,61\n")
    assert list(join_columns(FRAME, source, ["age"])[0]) == ["path", "age"]
    with pytest.raises(TableUnreadable, match="no column “grade” any more; it has path, stain, age"):
        join_columns(FRAME, source, ["grade"])
