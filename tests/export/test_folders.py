"""Folder-per-class: right files, safe names, nothing lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import ExportError
from engine.export import export
from engine.export.names import file_names, folder_names, safe_name
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project


@pytest.fixture
def twins(tmp_path: Path) -> Project:
    """Three images, two of which have the same file name, all of one class."""
    for index, name in enumerate(("left/a.png", "right/a.png", "right/b.png")):
        path = tmp_path / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((16, 16, 3), 40 * index, dtype=np.uint8)).save(path)
    project = create_project(tmp_path / "project", tmp_path / "images")
    prepare(project)
    store = LabelStore(project)
    store.label(list(read_table(project).ids), store.add_class("gland", "ann").id, "ann", "grid")
    return project


def images_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.png"))


def test_two_images_of_one_file_name_both_arrive(twins: Project, tmp_path: Path) -> None:
    export(twins, "folders", tmp_path / "out")
    contents = {path.read_bytes() for path in images_in(tmp_path / "out" / "gland")}
    assert contents == {path.read_bytes() for path in images_in(twins.images)}
    assert (tmp_path / "out" / "gland" / "b.png").exists()  # a name of its own stays


def test_links_lead_to_the_images(twins: Project, tmp_path: Path) -> None:
    export(twins, "folders", tmp_path / "out", links=True)
    links = images_in(tmp_path / "out")
    assert all(link.is_symlink() for link in links)
    assert {link.resolve() for link in links} == set(images_in(twins.images))


def test_replacing_links_leaves_the_images(twins: Project, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in images_in(twins.images)}
    export(twins, "folders", tmp_path / "out", links=True)
    export(twins, "folders", tmp_path / "out")
    assert {path: path.read_bytes() for path in images_in(twins.images)} == before
    assert not any(path.is_symlink() for path in images_in(tmp_path / "out"))


def test_labels_csv_lies_beside_the_classes(twins: Project, tmp_path: Path) -> None:
    export(twins, "folders", tmp_path / "out")
    assert (tmp_path / "out" / "labels.csv").read_text().startswith("path,class,how,who,when,")


def test_an_export_to_which_something_was_added_is_not_replaced(twins: Project, tmp_path: Path) -> None:
    export(twins, "folders", tmp_path / "out")
    (tmp_path / "out" / "gland" / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="something else"):
        export(twins, "folders", tmp_path / "out")
    assert (tmp_path / "out" / "gland" / "notes.txt").read_text() == "mine"


def test_an_image_that_went_missing_stops_the_export_whole(twins: Project, tmp_path: Path) -> None:
    (twins.images / "right" / "b.png").unlink()
    with pytest.raises(ExportError, match="Rescan"):
        export(twins, "folders", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob(".out*")) == []


def test_classes_that_no_folder_can_be_named_after_are_exported_too(twins: Project, tmp_path: Path) -> None:
    store, table = LabelStore(twins), read_table(twins)
    for one, name in zip(table.ids, ("../../up", "a/b: c?", "CON"), strict=True):
        store.label([one], store.add_class(name, "ann").id, "ann", "click")
    export(twins, "folders", tmp_path / "out")
    folders = sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir())
    assert folders == ["CON_", "_.._up", "a_b_ c_"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("tumour", "tumour"),
        ("tumeur épithéliale", "tumeur épithéliale"),
        ("a/b\\c", "a_b_c"),
        ("..", "class"),
        ("ends with dot.", "ends with dot"),
        (".hidden", "hidden"),
        ("nul", "nul_"),
        ("com1.txt", "com1.txt_"),
        ("console", "console"),
        ("tab\there", "tab_here"),
        ("x" * 300, "x" * 80),
        ("細胞" * 50, "細胞" * 13),  # three bytes each
    ],
)
def test_a_safe_name_is_the_nearest_that_every_file_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_classes_that_would_share_a_folder_get_their_own() -> None:
    names = folder_names(["a/b", "a_b", "A_B", "labels.csv"], taken=["labels.csv"])
    assert names == {"a/b": "a_b", "a_b": "a_b-2", "A_B": "A_B-3", "labels.csv": "labels.csv-2"}


def test_file_names_stay_distinct_where_capitals_are_not_told_apart() -> None:
    assert file_names(["x/A.png", "y/a.png", "y/b.png"], ["1", "2", "3"]) == ["A-1.png", "a-2.png", "b.png"]


def test_a_file_name_made_up_does_not_take_anothers() -> None:
    assert file_names(["x/a.png", "y/a.png", "y/a-1.png"], ["1", "2", "3"]) == ["a-1-2.png", "a-2.png", "a-1.png"]
