"""Labels from a CSV: every spelling people send, and our own export again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.errors import TableUnreadable
from engine.images.table import write_rows
from engine.labels.imports import import_labels
from engine.labels.store import LabelStore
from engine.project import Project, create_project

PATHS = ["p1/a.png", "p1/b.png", "p2/a.png", "p2/ü.png"]


@pytest.fixture
def four_images(tmp_path: Path) -> Project:
    """A project whose table names four images, ids i0 to i3; there are no files."""
    (tmp_path / "images").mkdir()
    project = create_project(tmp_path / "project", tmp_path / "images")
    rows = pd.DataFrame({"id": [f"i{number}" for number in range(4)], "path": PATHS, "content": "c", "mode": "RGB"})
    rows = rows.assign(width=1, height=1, bytes=1, modified=0, state="ok", reason="")
    write_rows(project, rows)
    return project


def labels(project: Project) -> dict[str, str]:
    frame = LabelStore(project).current()
    return dict(zip(frame["image"], frame["class"], strict=True))


def write(tmp_path: Path, content: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_of_spreadsheets_is_read(
    four_images: Project, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = [["path", "label"], ["p1/a.png", "drüse"], ["p2/ü.png", "stroma"]]
    path = write(tmp_path, "\r\n".join(delimiter.join(line) for line in lines), encoding)
    report = import_labels(four_images, path, who="ada")
    assert labels(four_images) == {"i0": "drüse", "i3": "stroma"}
    assert report.classes_added == ["drüse", "stroma"]


def test_what_matches_no_image_is_reported(four_images: Project, tmp_path: Path) -> None:
    path = write(tmp_path, "path,label\np1/b.png,x\np9/none.png,x\n")
    report = import_labels(four_images, path, who="ada")
    assert (report.labelled, report.unmatched) == (1, ["p9/none.png"])


def test_an_image_with_two_classes_is_reported_and_left_out(four_images: Project, tmp_path: Path) -> None:
    path = write(tmp_path, "path,label\np1/b.png,x\np1/b.png,y\np1/a.png,x\np1/a.png,x\n")
    report = import_labels(four_images, path, who="ada")
    assert labels(four_images) == {"i0": "x"}
    assert report.conflicts == ["p1/b.png"]


def test_rows_without_a_class_are_counted_and_left_out(four_images: Project, tmp_path: Path) -> None:
    report = import_labels(four_images, write(tmp_path, "path,label\np1/b.png,x\np1/a.png, \n"), who="ada")
    assert (report.labelled, report.empty) == (1, 1)


def test_existing_classes_are_used_and_an_import_undoes_at_once(four_images: Project, tmp_path: Path) -> None:
    store = LabelStore(four_images)
    store.add_class("x", "ada")
    report = import_labels(four_images, write(tmp_path, "path,label\np1/b.png,x\np1/a.png,new\n"), who="ada")
    assert report.classes_added == ["new"]
    assert store.undo("ada") == "Undone: imported labels of 2 images."
    assert labels(four_images) == {}
    assert [one.name for one in store.classes()] == ["x"]


def test_another_column_can_hold_the_classes(four_images: Project, tmp_path: Path) -> None:
    import_labels(four_images, write(tmp_path, "path,label,grade\np1/b.png,x,high\n"), "grade", "ada")
    assert labels(four_images) == {"i1": "high"}


def test_our_own_export_comes_back_as_it_was(four_images: Project, tmp_path: Path) -> None:
    text = (
        "path,class,how,who,when,probability,propagation,id\n"
        "p1/a.png,x,click,bob,2025-01-01T00:00:00+00:00,,,i0\n"
        "p1/b.png,y,accepted,bob,2025-01-02T00:00:00+00:00,0.75,spread-1,i1\n"
    )
    report = import_labels(four_images, write(tmp_path, text), who="ada")
    frame = LabelStore(four_images).current().set_index("image")
    assert frame["class"].to_dict() == {"i0": "x", "i1": "y"}
    assert frame["how"].to_dict() == {"i0": "imported", "i1": "accepted"}
    assert frame.loc["i1", ["probability", "propagation"]].tolist() == [0.75, "spread-1"]
    assert report.accepted == 1
    details = LabelStore(four_images).history(image="i0")["detail"].iloc[0]
    assert details["imported"] == {"how": "click", "who": "bob", "when": "2025-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("title,label\nx,y\n", "no column that names the images"),
        ("path,kind\nx,y\n", "no column “label”"),
        ("path,label\n", "no rows"),
        ("", "no rows"),
        ("PK\x03\x04\x00\x00", "not a text file"),
    ],
)
def test_what_is_no_table_of_labels_is_refused_in_words(
    four_images: Project, tmp_path: Path, content: str, reason: str
) -> None:
    with pytest.raises(TableUnreadable, match=reason):
        import_labels(four_images, write(tmp_path, content), who="ada")


def test_a_file_that_is_not_there_is_named(four_images: Project, tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match=r"missing\.csv"):
        import_labels(four_images, tmp_path / "missing.csv")
