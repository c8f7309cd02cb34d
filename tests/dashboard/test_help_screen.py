"""Help and the guide's line: a drawing for each idea, the components' own keys, the words, and one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.idea import FOLDER
from dashboard.components.key_lists import key_list
from dashboard.parts.glossary import known_words
from dashboard.parts.guide_words import STEPS
from dashboard.parts.ideas import IDEAS
from dashboard.parts.tissue_key import KINDS
from engine import guide
from engine.demo.regions import TISSUES
from engine.project import Project

OpenScreen = Callable[..., AppTest]
SCREENS = {path.stem for path in (Path(__file__).parents[2] / "dashboard" / "screens").glob("*.py")}


def test_every_idea_has_a_drawing_with_a_name_and_every_drawing_an_idea() -> None:
    drawings = {path.stem: ElementTree.parse(path).getroot() for path in FOLDER.glob("*.svg")}
    assert set(drawings) == set(IDEAS)
    assert all(one.get("role") == "img" and one.get("aria-label") for one in drawings.values())
    assert {one.screen for one in IDEAS.values()} <= SCREENS


@pytest.mark.parametrize("component", ["stage", "grid", "map", "slide"])
def test_the_keys_are_those_that_the_component_shows(component: str) -> None:
    assert {"1 … 9"} <= {key for key, _ in key_list(component)}
    assert all(does for _, does in key_list(component))


def test_the_words_are_those_of_the_architecture() -> None:
    words = dict(known_words())
    assert words["Prior"] == "A fact about the data that makes pairs"
    assert len(words) > 12


@pytest.mark.parametrize("view", ["The ideas", "The keys", "The words"])
def test_help_opens_on_each_of_its_views_without_a_project(open_screen: OpenScreen, view: str) -> None:
    app = open_screen("help")
    app.button_group(key="help-view").set_value([view]).run()
    assert not app.exception and not app.error
    assert app.button(key="guide-demo")


def test_the_guide_is_begun_put_aside_and_taken_up_from_help(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("help", project)
    app.button(key="guide-begin").click().run()
    assert any("Look at the images" in one.value for one in app.markdown)
    app.button(key="guide-later").click().run()
    assert guide.read_guide(project).state == guide.PAUSED
    app.button(key="guide-begin").click().run()
    assert guide.read_guide(project).state == guide.RUNNING


def test_the_guide_shows_the_next_step_where_it_is_done(open_screen: OpenScreen, project: Project) -> None:
    guide.start_guide(project)
    app = open_screen("data", project)
    app.button(key="guide-tick").click().run()
    assert guide.read_guide(project).ticked == ("data",)
    assert any("Say what belongs together" in one.value for one in app.markdown)
    app.button(key="guide-go").click().run()
    assert app.title[0].value == "Prior"


def test_every_step_has_words_and_a_screen() -> None:
    assert list(STEPS) == list(guide.FACTS)
    assert {one.screen for one in STEPS.values()} <= SCREENS


def test_the_key_of_tissues_names_the_kinds_that_the_demo_draws() -> None:
    assert [name.lower() for name in KINDS] == list(TISSUES)
