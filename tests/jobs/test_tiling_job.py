"""Slides are tiled by a job: refused beforehand where it cannot work, stopped, resumed, then scanned."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from engine import files, jobs
from engine.errors import EngineError, ExtraMissing, PathNotAllowed, SettingInvalid, UnknownName
from engine.images.table import read_table
from engine.jobs.request import from_json
from engine.jobs.stages import stages_of
from engine.project import Project
from engine.slides.tile import tiling_project
from tests.slides.pyramid import write_pyramid

SETTINGS = {"size": 128, "mpps": "0.5,1"}


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    return write_pyramid(tmp_path / "slides" / "one.tif").parent


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """A project over tiles that are yet to be cut."""
    return tiling_project(tmp_path / "tiled", "tiled")


def test_a_tiling_comes_back_from_json_and_has_two_stages() -> None:
    request = jobs.TileRequest("/slides/of me", SETTINGS)
    assert from_json(request.as_json()) == request
    assert [stage.title for stage in stages_of(request)] == ["Cutting tiles", "Reading the images"]
    assert request.title == "Tiles of the slides in of me"


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"magnifications": "fine"}, SettingInvalid, "20,10,5"),
        ({"magnifications": ""}, SettingInvalid, "No scale"),
        ({"size": 4}, SettingInvalid, "at least 16"),
        ({"sise": 64}, UnknownName, "sise"),
    ],
)
def test_settings_that_make_no_sense_start_nothing(
    empty: Project, slides: Path, settings: dict[str, Any], error: type[EngineError], says: str
) -> None:
    with pytest.raises(error, match=says):
        jobs.start(empty, jobs.TileRequest(str(slides), settings))
    assert jobs.statuses(empty) == []


def test_folders_that_cannot_be_tiled_start_nothing(empty: Project, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    for folder, says in [("/etc", "lies outside"), (tmp_path / "none", "does not exist"), (tmp_path / "bare", "no sl")]:
        with pytest.raises(PathNotAllowed, match=says):
            jobs.start(empty, jobs.TileRequest(str(folder), SETTINGS))


def test_a_project_over_other_images_is_not_tiled_into(project: Project, slides: Path) -> None:
    with pytest.raises(PathNotAllowed, match="a project folder of its own"):
        jobs.start(project, jobs.TileRequest(str(slides), SETTINGS))


def test_without_openslide_the_line_to_type_is_said(
    empty: Project, slides: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openslide", None)
    with pytest.raises(ExtraMissing, match="pip install"):
        jobs.start(empty, jobs.TileRequest(str(slides), SETTINGS))


def test_a_tiling_that_was_stopped_goes_on_where_it_was_and_ends_scanned(empty: Project, slides: Path) -> None:
    run = jobs.start(empty, jobs.TileRequest(str(slides), SETTINGS))
    jobs.stop_run(empty, run)
    stopped = jobs.wait(empty, run)
    before = {path: path.stat().st_mtime_ns for path in empty.tiles_folder.rglob("*.jpg")}
    if stopped.state == "stopped":  # on a fast machine it may have been done
        jobs.resume_run(empty, run)
    ended = jobs.wait(empty, run)
    assert (ended.state, ended.message) == ("done", "32 tiles of 16 fields from 1 slide")
    assert all(path.stat().st_mtime_ns == moment for path, moment in before.items())
    table = read_table(empty)
    assert len(table) == 32 and {"slide", "x", "y", "extent"} <= set(table.metadata)


def test_slides_of_which_no_tile_comes_fail_with_their_reasons(empty: Project, tmp_path: Path) -> None:
    write_pyramid(tmp_path / "slides" / "one.tif", mpp=0)
    run = jobs.start(empty, jobs.TileRequest(str(tmp_path / "slides"), {"size": 128}))
    with pytest.raises(EngineError, match="does not say its scale"):
        jobs.wait(empty, run)
    assert "reason" in files.read_json(empty.slides_path)["one"]
