"""The shell: the strip, what happens without a project, and how troubles are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import reads
from dashboard.parts.words import cited, count, duration, size, time_left
from engine.home import home_folder
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from tests.dashboard.conftest import APP

OpenScreen = Callable[..., AppTest]
SCREENS = ("project", "data", "prior", "train", "jobs")
EVERY = sorted(one.stem for one in (APP.parent / "screens").glob("*.py"))


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_on_a_scanned_project(open_screen: OpenScreen, project: Project, screen: str) -> None:
    app = open_screen(screen, project)
    assert not app.exception
    assert not app.error
    assert app.title[0].value


def test_the_strip_counts_images_and_labels(open_screen: OpenScreen, project: Project) -> None:
    store = LabelStore(project)
    gland = store.add_class("gland", "anna")
    store.label(list(read_table(project).ids[:2]), gland.id, "anna", "click")
    strip = strip_of(open_screen("jobs", project))
    assert "60 images" in strip
    assert "2 labelled" in strip
    assert "gland: 2" in strip


@pytest.mark.parametrize("screen", EVERY)
def test_every_screen_has_its_title_before_anything_is_there(
    open_screen: OpenScreen, project: Project, screen: str
) -> None:
    for opened in (None, project):  # none open; one just made, without an embedding or a label
        app = open_screen(screen, opened)
        assert not app.exception
        assert len(app.title) == 1


def test_the_strip_says_accepted_pseudo_labels_as_words(open_screen: OpenScreen, project: Project) -> None:
    store, ids = LabelStore(project), list(read_table(project).ids[:2])
    gland = store.add_class("gland", "anna")
    store.accept(ids, [gland.id] * 2, [0.9] * 2, "p", "anna")
    strip = strip_of(open_screen("jobs", project))
    assert "2 pseudo-labels accepted" in re.sub("<[^>]+>", "", strip)


def test_the_version_that_tabs_ask_for_tells_labels_and_the_job_at_work(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reads.version(project)
    LabelStore(project).add_class("gland", "anna")
    labelled = reads.version(project)
    monkeypatch.setattr(reads, "active_job", lambda project: SimpleNamespace(run="map-1"))
    assert len({before, labelled, reads.version(project)}) == 3


def test_without_a_project_a_screen_leads_to_one(open_screen: OpenScreen) -> None:
    app = open_screen("prior")
    assert app.header[0].value == "No project is open"
    assert [button.label for button in app.button] == ["Choose a project"]


def test_a_project_outside_the_allowed_folders_is_refused_in_a_sentence(open_screen: OpenScreen) -> None:
    app = open_screen("project")
    app.query_params["project"] = "/etc"
    app.run()
    assert "outside the folders that may be opened here" in app.warning[0].value


def test_an_unforeseen_error_is_logged_and_told_without_its_trace() -> None:
    def script() -> None:
        from dashboard.parts.trouble import show_trouble  # a script of AppTest carries no imports of its file

        show_trouble(ZeroDivisionError("seven by nought"))

    app = AppTest.from_function(script).run()
    assert "did not foresee" in app.error[0].value
    assert "ZeroDivisionError" not in app.error[0].value
    assert "ZeroDivisionError: seven by nought" in (home_folder() / "troubles.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [(1, "image", "1 image"), (1200, "image", "1,200 images"), (3, "class", "3 classes"), (2, "copy", "2 copies")],
)
def test_counts_are_said_with_their_noun(number: int, noun: str, said: str) -> None:
    assert count(number, noun) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, ""), (0.2, "1 s"), (59, "59 s"), (90, "2 min"), (3600, "1 h"), (7500, "2 h 5 min")],
)
def test_durations_are_said_as_one_says_them(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_a_source_is_a_link_by_its_name() -> None:
    assert cited("Zhu, 2003 · https://a.org/b") == "[Zhu, 2003](https://a.org/b)"
    assert cited("our own") == "our own"


def test_time_left_is_silent_where_it_is_unknown() -> None:
    assert time_left(None) == ""
    assert time_left(120) == "about 2 min left"


def test_sizes_on_disk_are_said_in_their_unit() -> None:
    assert [size(640_000), size(18_900_000), size(1_234_000_000)] == ["640 kB", "18.9 MB", "1.23 GB"]


def strip_of(app: AppTest) -> str:
    """The HTML of the strip."""
    return next(str(html.proto.body) for html in app.get("html") if "class='strip'" in html.proto.body)
