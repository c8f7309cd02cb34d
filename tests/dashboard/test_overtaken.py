"""A press and a click on the menu in one moment: what the button commits is done all the same, or its loss is said.

An AppTest sends both in one run, which shows the other screen: the line of the button is never come to.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import home, jobs
from engine.geometry.atlas import make_map
from engine.images.table import read_table
from engine.jobs import Cost
from engine.labels.selections import save_selection, selections
from engine.project import Project

OpenScreen = Callable[..., AppTest]
Started = list[object]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The requests of the jobs that are started, none of which works."""
    asked: Started = []

    def start(project: Project, request: object) -> str:
        asked.append(request)
        return "run-1"

    monkeypatch.setattr(jobs, "start", start)
    for measured in ("engine.jobs.estimate", "engine.jobs.presets.estimate"):
        monkeypatch.setattr(measured, lambda *_: Cost(60.0, 100.0, "A minute."))
    return asked


def leave(app: AppTest, screen: str = "help") -> AppTest:
    """Let the menu be clicked in the run of what was pressed."""
    app.switch_page(f"screens/{screen}.py").run()
    assert not app.exception
    return app


def test_the_folder_is_read_again(open_screen: OpenScreen, project: Project, started: Started) -> None:
    app = open_screen("data", project)
    next(button for button in app.button if button.label == "Rescan").click()
    assert leave(app).title[0].value == "Help"
    assert started == [jobs.PrepareRequest()]


def test_a_job_is_deleted_and_it_is_said(open_screen: OpenScreen, project: Project) -> None:
    run = jobs.start(project, jobs.PrepareRequest())
    jobs.wait(project, run)
    app = open_screen("jobs", project)
    app.button(key=f"delete-{run}").click()
    assert [toast.value for toast in leave(app).toast] == [f"{run} is deleted."]
    assert not jobs.statuses(project)


def test_a_kept_selection_is_forgotten(open_screen: OpenScreen, embedded: Project) -> None:
    make_map(embedded, "toy", "pca")
    save_selection(embedded, "odd", read_table(embedded).ids[:3], "ana")
    app = open_screen("explore", embedded)
    app.button(key="forget-odd").click()
    leave(app)
    assert not selections(embedded)


def test_a_project_is_opened_and_shown(open_screen: OpenScreen, project: Project) -> None:
    home.remember_project(project.root)
    app = open_screen("project")
    app.button(key=f"open-{project.root}").click()
    assert leave(app).title[0].value == "Data"
    assert app.session_state["project"] == str(project.root)


def test_where_fields_were_left_it_is_said_that_nothing_was_done(
    open_screen: OpenScreen, project: Project, started: Started
) -> None:
    app = open_screen("train", project)
    app.button(key="start").click()
    told = "You left before “Start training” was done, so it was not. Press it again."
    assert told in [card.value for card in leave(app).warning]
    assert not started
    app.switch_page("screens/train.py").run()
    assert not app.warning and not started


def test_a_project_is_made_where_it_was_typed_last(
    open_screen: OpenScreen, images_folder: Path, tmp_path: Path, started: Started
) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(images_folder)).run()
    app.text_input(key=f"new-root-{images_folder}").set_value(str(tmp_path / "typed"))
    app.button(key="new-create").click().run()
    assert app.title[0].value == "Data"
    assert home.recent_projects()[0] == tmp_path / "typed"
    assert started == [jobs.PrepareRequest()]
