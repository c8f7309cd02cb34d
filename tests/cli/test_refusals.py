"""Wrong input on the command line: one sentence on stderr, exit code 1, and nothing half done."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli import main
from engine.project import Project, move_images, open_project

Refused = Callable[..., str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Run one command, which must be refused; returns what it said."""

    def run(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["engine", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        said = capsys.readouterr().err.strip()
        assert len(said.splitlines()) == 1
        return said

    return run


@pytest.mark.parametrize(("option", "value"), [("--pattern", "("), ("--reader", "zz"), ("--columns", "/no/such.csv")])
def test_bad_columns_leave_no_project_behind(
    refused: Refused, images_folder: Path, tmp_path: Path, option: str, value: str
) -> None:
    refused("init", tmp_path / "p", "--images", images_folder, option, value)
    assert not (tmp_path / "p").exists()


def test_a_bad_pattern_is_not_kept(refused: Refused, project: Project) -> None:
    assert "regular expression" in refused("scan", project.root, "--pattern", "(")
    assert open_project(project.root).columns == project.columns


def test_images_that_moved_are_given_anew(
    refused: Refused, project: Project, images_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_images(project, shutil.copytree(images_folder, tmp_path / "old")).images.rename(tmp_path / "new")
    assert "--images FOLDER" in refused("scan", project.root)
    monkeypatch.setattr(sys, "argv", ["engine", "scan", str(project.root), "--images", str(tmp_path / "new")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert open_project(project.root).images == tmp_path / "new"


def test_a_label_is_given_by_file_or_by_image_and_not_by_both(refused: Refused, project: Project) -> None:
    for words in (["--from", "a.csv", "--image", "x"], ["--from", "a.csv", "--class", "x"], ["--image", "x"], []):
        assert refused("label", project.root, *words).startswith("Give either")


def test_a_disk_that_refuses_is_named(
    refused: Refused, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path / "file" / "home"))
    assert "file" in refused("scan", project.root)
