"""The demo project of this machine is drawn once."""

import pytest

from engine import demo
from engine.home import projects_folder
from engine.project import Project


def test_the_demo_that_is_there_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Project] = []

    def draw_few(*arguments: object, **options: object) -> Project:
        drawn.append(demo.demo_project(projects_folder() / "demo", count=8))
        return drawn[-1]

    monkeypatch.setattr("engine.demo.open.demo_project", draw_few)
    first, second = demo.open_demo(), demo.open_demo()
    assert first == second == drawn[0]
    assert len(drawn) == 1
