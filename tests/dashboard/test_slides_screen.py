"""The Slides screen: what a folder would give, cutting it, and what is done on a slide."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.slide import SlideEvent
from dashboard.parts.label_events import slide_events
from engine import jobs
from engine.home import recent_projects
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, open_project
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project, tiling_project
from tests.slides.pyramid import write_pyramid

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    """A slide, one without a scale, and a file that is none."""
    folder = write_pyramid(tmp_path / "slides" / "one.tif").parent
    write_pyramid(folder / "silent.tif", mpp=0)
    (folder / "broken.svs").write_bytes(b"II*\0nothing")
    return folder


@pytest.fixture(scope="module")
def prepared_tiles(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A tiled slide of two scales, scanned. Read only."""
    root = tmp_path_factory.mktemp("tiled")
    slides = write_pyramid(root / "slides" / "one.tif").parent
    project, _ = tile_project(root / "project", slides, TileConfig(size=128, mpps="0.5,1"))
    prepare(project)
    return project


@pytest.fixture
def tiled(prepared_tiles: Project, tmp_path: Path) -> Project:
    return open_project(shutil.copytree(prepared_tiles.root, tmp_path / "tiled"))


def look_into(app: AppTest, folder: Path) -> AppTest:
    field = next(one for one in app.text_input if one.label == "Folder of slides")
    return field.set_value(str(folder)).run()


def page(app: AppTest) -> str:
    return " ".join(str(one.body if hasattr(one, "body") else one.value) for one in [*app.get("html"), *app.markdown])


def test_the_empty_screen_says_what_to_do(open_screen: OpenScreen) -> None:
    app = open_screen("slides")
    assert not app.exception
    assert "Choose the folder that holds your slides" in page(app)


def test_a_folder_without_slides_is_told_of(open_screen: OpenScreen, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    app = look_into(open_screen("slides"), tmp_path / "bare")
    assert not app.exception
    assert "There is no slide in" in app.info[0].value


def test_each_slide_is_shown_with_the_tiles_it_would_give(open_screen: OpenScreen, slides: Path) -> None:
    app = look_into(open_screen("slides"), slides)
    assert not app.exception
    app.text_input(key="tiling-mpps").set_value("0.5").run()
    app.number_input(key="tiling-size").set_value(128).run()
    assert "1,024 × 768 px · 0.5 µm/px" in page(app) and "16 tiles" in page(app)
    assert set(app.dataframe[0].value["file"]) == {"broken", "silent"}


def test_a_scale_that_slides_do_not_say_is_asked_for(open_screen: OpenScreen, slides: Path) -> None:
    app = look_into(open_screen("slides"), slides)
    app.text_input(key="tiling-mpps").set_value("0.5").run()
    assert "1 slide without a scale" in page(app)
    app.number_input(key="tiling-mpp").set_value(0.5).run()
    assert set(app.dataframe[0].value["file"]) == {"broken"}


def test_scales_that_are_no_numbers_are_told_of(open_screen: OpenScreen, slides: Path) -> None:
    app = look_into(open_screen("slides"), slides)
    app.text_input(key="tiling-magnifications").set_value("fine").run()
    assert not app.exception
    assert "20,10,5" in app.warning[0].value


def test_cutting_makes_a_project_and_starts_the_job(
    open_screen: OpenScreen, slides: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Project, jobs.Request]] = []
    monkeypatch.setattr(jobs, "start", lambda project, request: asked.append((project, request)) or "tile-1")
    app = look_into(open_screen("slides"), slides)
    app.text_input(key="tiling-mpps").set_value("0.5").run()
    next(one for one in app.button if one.label == "Cut tiles").click().run()
    assert not app.exception
    ((project, request),) = asked
    assert (project.over_tiles, project.root in recent_projects()) == (True, True)
    assert request == jobs.TileRequest(str(slides), {"mpps": "0.5"})
    assert app.query_params["project"] == str(project.root)


def test_a_project_over_images_keeps_to_its_images(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("slides", project)
    assert not app.exception
    assert "tiles get a project of their own" in " ".join(one.value for one in app.caption)


def test_a_tiling_that_failed_says_why_and_can_go_on(open_screen: OpenScreen, slides: Path, tmp_path: Path) -> None:
    project = tiling_project(tmp_path / "project", "slides")
    shutil.move(slides / "one.tif", tmp_path)
    run = jobs.start(project, jobs.TileRequest(str(slides), {}))
    while jobs.status(project, run).active:
        pass
    app = open_screen("slides", project)
    assert not app.exception
    assert "No tile came of the slides" in app.warning[0].value
    assert "Go on" in [one.label for one in app.button]


def test_a_tiled_project_shows_its_slides(open_screen: OpenScreen, tiled: Project) -> None:
    app = open_screen("slides", tiled)
    assert not app.exception
    assert app.selectbox(key="slides-slide").value == "one"
    assert app.selectbox(key="slides-colour-1").options == ["Label"]
    app.segmented_control(key="slides-todo").set_value("Cut more tiles").run()
    assert not app.exception
    assert "Folder of slides" in [one.label for one in app.text_input]


def test_a_label_on_a_slide_is_on_disk_at_once_and_can_be_taken_back(tiled: Project) -> None:
    store = LabelStore(tiled)
    one = store.add_class("tumour", "ana")
    act = slide_events(tiled, "ben")
    act(SlideEvent("label", np.array([3]), one.id, "key", "k:1"))
    (row,) = store.current().to_dict("records")
    assert (row["image"], row["class"], row["who"], row["how"]) == (read_table(tiled).ids[3], "tumour", "ben", "key")
    act(SlideEvent("clear", np.array([3])))
    assert store.current().empty
    act(SlideEvent("undo", np.array([], np.int64)))
    assert len(store.current()) == 1
