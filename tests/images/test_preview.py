"""What a folder holds, before a project is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import PatternInvalid
from engine.images.preview import preview, try_columns
from engine.project import ColumnSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Names of images only: a preview opens none."""
    for name in ("p01/a.png", "p01/b.PNG", "p02/c.jpg", "p02/notes.txt", ".hidden/d.png", "p02/.e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_images_are_counted_by_kind_and_hidden_ones_left_out(folder: Path) -> None:
    found = preview(folder, ColumnSettings(reader="none", folders=False))
    assert found.images == 3
    assert found.kinds == {"png": 2, "jpg": 1}
    assert not found.cut_short


def test_folders_and_pattern_become_columns(folder: Path) -> None:
    found = preview(folder, ColumnSettings(reader="none", pattern=r"(?P<letter>\w)\.\w+$", folders=True))
    assert list(found.table["folder_1"]) == ["p01", "p01", "p02"]
    assert list(found.table["letter"]) == ["a", "b", "c"]


def test_rows_of_a_csv_that_fit_no_image_are_listed(folder: Path) -> None:
    (folder / "table.csv").write_text("path,stage\np01/a.png,early\nnowhere.png,late\n", encoding="utf-8")
    found = preview(folder, ColumnSettings(reader="none", folders=False, csv=str(folder / "table.csv")))
    assert found.unmatched == ["nowhere.png"]
    assert found.table.set_index("path").loc["p01/a.png", "stage"] == "early"


def test_a_pattern_that_does_not_compile_is_refused(folder: Path) -> None:
    with pytest.raises(PatternInvalid):
        preview(folder, ColumnSettings(pattern="(?P<open"))


def test_looking_stops_in_a_folder_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.images.preview.MOST_ENTRIES", 1)
    assert preview(folder, ColumnSettings(reader="none", folders=False)).cut_short


def test_an_empty_folder_has_no_image(tmp_path: Path) -> None:
    assert preview(tmp_path, ColumnSettings()).images == 0


def test_trying_columns_tells_which_names_are_read() -> None:
    tried = try_columns(["p1_x.png", "scan.png"], ColumnSettings(reader="none", folders=False, pattern="p{patient}_x"))
    assert (tried.read, tried.unread) == ([0], [1])
    assert tried.table["patient"].tolist()[0] == 1


def test_trying_columns_tells_which_reader_reads_the_names() -> None:
    tried = try_columns(["p02_19035.png", "scan.png"], ColumnSettings())
    assert (tried.reader, tried.read, tried.unread) == ("patient_number", [0], [1])
