"""What this machine remembers: which folders may be opened, and what a project over a folder is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import home
from engine.errors import PathNotAllowed


@pytest.fixture(autouse=True)
def own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDFUL_ROOTS", str(tmp_path))
    monkeypatch.setenv("HANDFUL_PROJECTS", str(tmp_path / "projects"))


@pytest.mark.parametrize("typed", ["~nobody-of-this-name/images", "nul\0l"])
def test_what_is_no_path_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(PathNotAllowed, match="no path on this machine"):
        home.allowed_path(Path(typed))


def test_a_missing_folder_and_a_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(PathNotAllowed, match="does not exist"):
        home.existing_folder(tmp_path / "missing")
    with pytest.raises(PathNotAllowed, match="is a file"):
        home.existing_folder(tmp_path / "notes.txt")
    assert home.existing_folder(tmp_path) == tmp_path.resolve()


@pytest.mark.parametrize(
    ("folder", "name"), [("breast", "breast"), ("breast/images", "breast"), ("breast/Tiles", "breast")]
)
def test_a_project_is_called_after_the_folder_that_says_most(tmp_path: Path, folder: str, name: str) -> None:
    assert home.project_name_for(tmp_path / folder) == name
    assert home.project_folder_for(tmp_path / folder) == tmp_path / "projects" / name


def test_a_path_is_said_with_a_tilde_for_home_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "ann"))
    assert home.said(tmp_path / "ann" / "Handful" / "a b") == "~/Handful/a b"
    assert home.said(tmp_path / "annette") == str(tmp_path / "annette")
    assert home.allowed_path(Path(home.said(tmp_path / "ann" / "x"))) == tmp_path / "ann" / "x"
