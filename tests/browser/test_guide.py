"""The guided first run in a real browser: from the demo's card through its nine steps to an exported table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from engine import guide
from engine.demo import demo_project
from engine.project import Project
from tests.browser.conftest import Dashboard, free_port
from tests.browser.visitor import Visitor

IMAGES = 90
MOST_LABELS = 16  # then whoever met no image of a rare class skips it
KEYS = {"adipose": "1", "lymphocytes": "2", "necrosis": "3", "normal glands": "4", "stroma": "5", "tumour": "6"}

pytestmark = pytest.mark.browser


@pytest.fixture
def demo(tmp_path: Path) -> Project:
    """The demo project in a projects folder of its own, smaller than the real one."""
    return demo_project(tmp_path / "projects" / "demo", count=IMAGES)


@pytest.mark.timeout(600)
def test_the_guide_leads_from_the_demo_to_an_export(page: Page, tmp_path: Path, demo: Project) -> None:
    server = Dashboard(
        free_port(), tmp_path / "server.log", environment={"HANDFUL_PROJECTS": str(tmp_path / "projects")}
    )
    server.start()
    try:
        page.goto(server.url())
        walk(Visitor(page, tmp_path), truth_of(demo))
        assert guide.read_guide(demo).ended
        table = pd.read_csv(demo.exports_folder / "labels.csv")
        assert {"key", "accepted"} <= set(table["how"])
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".st-key-guide")).to_have_count(0)
    finally:
        server.kill()


def truth_of(demo: Project) -> dict[str, str]:
    known = pd.read_csv(demo.images.parent / "truth.csv")
    return dict(zip(known["path"].str.removeprefix("images/"), known["label"], strict=True))


def walk(visitor: Visitor, truth: Mapping[str, str], pause: Callable[[float], None] = lambda seconds: None) -> None:
    """Follow the guide from the Project screen to its end.

    Args:
        truth: class by path; the person who walks knows tissue.
        pause: waits as long as a person would need to read and look, in seconds.
    """
    page, line = visitor.page, visitor.page.locator(".st-key-guide")

    def step(number: int) -> None:
        expect(line).to_contain_text(f"Step {number} of 9")
        visitor.settle()
        pause(8)  # the line is read

    visitor.click("Guide me through")
    step(1)
    pause(25)
    line.get_by_role("button", name="Next").click()
    step(2)
    visitor.click("Go to Prior")
    pause(25)
    visitor.click("Use it")
    step(3)
    visitor.click("Go to Explore")
    pause(10)
    visitor.click("Look at them now")
    step(4)
    visitor.click("Go to Explore")
    expect(visitor.map).to_be_visible()
    pause(20)
    visitor.lasso(0.1, 0.4, 0.9, 0.95)
    pause(15)
    line.get_by_role("button", name="Next").click()
    step(5)
    visitor.click("Go to Label")
    expect(line.locator(".tissues figure")).to_have_count(6)
    visitor.settle()  # a click on a page that is still being drawn can be lost
    pause(15)
    visitor.click("Name these six")
    step(6)
    label_until_enough(visitor, truth, pause)
    step(7)
    visitor.click("Go to Review")
    pause(30)
    visitor.click(re.compile("^Accept .* sure image"))
    step(8)
    visitor.click("Go to Quality")
    visitor.settle()
    pause(25)
    line.get_by_role("button", name="Next").click()
    step(9)
    visitor.click("Go to Export")
    visitor.says("What is written")
    pause(12)
    page.get_by_test_id("stMain").get_by_role("button", name=re.compile("Export$")).last.click()
    expect(line).to_contain_text("From a folder to an export in")


def label_until_enough(visitor: Visitor, truth: Mapping[str, str], pause: Callable[[float], None]) -> None:
    """By key, image after image, until the guide goes on; past a class that does not come up."""
    line, shown = visitor.page.locator(".st-key-guide"), visitor.page.locator(".stage .caption .path")
    for _ in range(MOST_LABELS):
        expect(shown).not_to_be_empty()
        path = shown.inner_text()
        pause(6)
        visitor.page.keyboard.press(KEYS[truth[path]])
        expect(shown).not_to_have_text(path)
        expect(visitor.page.locator(".stage .saved")).to_have_attribute("data-open", "0")
        visitor.settle()
        if "Step 7" in line.inner_text():
            return
    line.get_by_role("button", name="Skip").click()
