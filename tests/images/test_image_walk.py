"""Listing a folder finds every image once and never stops at what it cannot look into."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.images.walk import list_images


def paths(folder: Path) -> list[str]:
    return [file.path for file in list_images(folder).files]


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


def test_nested_folders_give_relative_paths_in_order(folder: Path) -> None:
    for name in ("b.png", "a/2.JPG", "a/b/c/1.tiff", "ä 組.webp"):
        touch(folder / name)
    assert paths(folder) == ["a/2.JPG", "a/b/c/1.tiff", "b.png", "ä 組.webp"]


def test_hidden_files_and_folders_are_left_out(folder: Path) -> None:
    for name in ("._1.png", ".cache/2.png", "3.png"):
        touch(folder / name)
    assert paths(folder) == ["3.png"]


def test_files_of_other_types_are_counted_by_extension(folder: Path) -> None:
    for name in ("1.svs", "2.SVS", "notes.txt"):
        touch(folder / name)
    assert list_images(folder).ignored == {".svs": 2, ".txt": 1}


def test_links_that_loop_are_listed_and_not_followed(folder: Path) -> None:
    touch(folder / "a/1.png")
    (folder / "a/up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    listing = list_images(folder)
    assert [file.path for file in listing.files] == ["a/1.png"]
    assert [path for path, _ in listing.bad] == ["a/up", "self"]


def test_a_linked_folder_elsewhere_is_read_once_under_its_first_name(folder: Path, tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere/1.png")
    for name in ("one", "two"):
        (folder / name).symlink_to(tmp_path / "elsewhere")
    listing = list_images(folder)
    assert [file.path for file in listing.files] == ["one/1.png"]
    assert [path for path, _ in listing.bad] == ["two"]


def test_a_link_to_a_folder_inside_does_not_take_its_images_away(folder: Path) -> None:
    touch(folder / "real/1.png")
    (folder / "alias").symlink_to(folder / "real")
    assert paths(folder) == ["real/1.png"]


def test_a_link_to_nowhere_is_listed(folder: Path) -> None:
    (folder / "gone.png").symlink_to(folder / "nothing.png")
    assert "leads nowhere" in list_images(folder).bad[0][1]


def test_an_unreadable_folder_is_listed_and_the_rest_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(folder / "closed/1.png")
    touch(folder / "open/2.png")
    scandir = os.scandir

    def refuse(path: Path) -> object:  # as the system does to anyone but root
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    listing = list_images(folder)
    assert [file.path for file in listing.files] == ["open/2.png"]
    assert listing.bad == [("closed", "The folder cannot be opened (Permission denied).")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_named_as_an_image_is_listed_and_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.png")
    assert "pipe" in list_images(folder).bad[0][1]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems only store names that are Unicode")
def test_a_name_that_is_no_unicode_is_listed(folder: Path) -> None:
    touch(folder / "1.png")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png"))).write_bytes(b"x")
    listing = list_images(folder)
    assert [file.path for file in listing.files] == ["1.png"]
    assert listing.bad[0] == ("\N{REPLACEMENT CHARACTER}.png", "The name is not valid Unicode. Rename it, then rescan.")


def test_a_link_to_a_folder_that_holds_the_images_is_not_followed(folder: Path) -> None:
    touch(folder.parent / "other/1.png")
    (folder / "up").symlink_to(folder.parent)
    listing = list_images(folder)
    assert listing.files == []
    assert [path for path, _ in listing.bad] == ["up"]
