"""A click reaches what was clicked on a page that is still being drawn, and the whole page from a part of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import files, jobs
from engine.home import remember_project
from engine.jobs.record import Record, write_record
from engine.project import Project, open_project
from engine.run_folder import RunFolder
from tests.browser.conftest import Dashboard, free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def row(tmp_path: Path) -> Iterator[Dashboard]:
    server = Dashboard(free_port(), tmp_path / "server.log", "tests/browser/overtaking_app.py")
    server.start()
    yield server
    server.kill()


def test_a_button_that_made_way_moves_nothing_when_the_next_is_clicked(page: Page, row: Dashboard) -> None:
    page.goto(row.address)
    page.get_by_role("button", name="First").click()
    second = page.get_by_role("button", name="Second")
    expect(second).to_be_visible()
    expect(page.get_by_role("button", name="First")).to_be_focused()  # it lingers: who works by keys loses no place
    box = second.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(100)  # a finger is no script: it takes a tenth of a second
    page.mouse.up()
    expect(page.get_by_text("Pressed: First, Second.")).to_be_visible()


@pytest.fixture
def project(prepared_project: Project, tmp_path: Path) -> Project:
    """With two scans that were stopped, so that there is a list of jobs."""
    project = open_project(shutil.copytree(prepared_project.root, tmp_path / "project"))
    remember_project(project.root)
    for run in ("scan-1", "scan-2"):
        folder = RunFolder.of(project, run)
        folder.root.mkdir(parents=True)
        request = {**jobs.PrepareRequest().as_json(), "title": "Scan", "created": "2026-01-01T00:00:00+00:00"}
        files.write_json(folder.request, request)
        write_record(folder, Record(state="stopped", queued=0.0, seconds=1.0))
    return project


def test_what_is_done_in_a_part_that_is_drawn_alone_is_told(page: Page, server: Dashboard, project: Project) -> None:
    page.goto(server.url("jobs", project.root))
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("is deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(1)
