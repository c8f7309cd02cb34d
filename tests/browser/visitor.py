"""What a person does in the dashboard, in words: each method is one thing done, and waits until the screen shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, expect

PATIENCE = 90_000  # milliseconds; the machine may be busy with a training


class Visitor:
    """Drives one page; `pictures` is where its screenshots go."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page = page
        self.pictures = pictures
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)

    # --- anywhere ---

    def go(self, screen: str) -> None:
        """Through the menu."""
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=screen, exact=True).click()
        self.settle()

    def settle(self) -> None:
        """Until no script runs and nothing is stale."""
        self.page.wait_for_timeout(300)  # a click needs a moment to start its script
        app = self.page.locator(".stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.locator("[data-stale=true]")).to_have_count(0)
        assert self.page.get_by_text("Traceback").count() == 0

    def picture(self, name: str) -> None:
        """A screenshot of the screen as it is."""
        self.page.mouse.move(700, 4)
        self.page.wait_for_timeout(1200)
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def click(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def says(self, text: str | re.Pattern[str]) -> Locator:
        """The first place on the page that says so, once it does."""
        place = self.page.get_by_text(text).first
        expect(place).to_be_visible()
        return place

    def strip_says(self, text: str) -> None:
        expect(self.page.locator(".strip")).to_contain_text(text)

    def wait_for_jobs(self) -> None:
        """Until all work in the background is done, also what follows a training by itself."""
        job = self.page.locator(".strip .job")
        for _ in range(3):  # between a training and its embedding the strip may be empty for a moment
            expect(job).to_have_count(0, timeout=400_000)
            self.page.wait_for_timeout(1500)

    def slide(self, label: str, steps: int) -> None:
        """Move a slider by its keys."""
        self.page.get_by_test_id("stSlider").filter(has_text=label).locator("input").focus()
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
        self.settle()

    # --- Project ---

    def create_project(self, images: Path, count: int) -> None:
        field = self.page.get_by_label("Folder of images")
        field.fill(str(images))
        field.press("Enter")
        self.says(f"{count} images")
        self.click("Create project")
        self.strip_says(f"{count} images")

    # --- Prior ---

    def switch_on(self, prior: str) -> None:
        self.page.locator("[data-testid=stCheckbox] label", has_text=prior).click()
        self.settle()

    def select(self, label: str, option: str) -> None:
        """Choose from a drop-down list; a rerun may close it under the hand, then once more."""
        choice = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(5):
            self.page.get_by_label(label, exact=True).first.click()
            try:
                choice.click(timeout=5000)
                break
            except Error:
                self.settle()
        else:
            raise AssertionError(f"the list {label} never offered {option}")
        self.settle()

    # --- Train ---

    def train(self, settings: Mapping[str, str]) -> None:
        self.page.get_by_text("Settings: encoder, size").click()
        for name, value in settings.items():
            field = self.page.get_by_label(name, exact=True).first
            field.fill(value)
            field.press("Enter")
            self.settle()
        self.click("Start training")

    # --- Label ---

    def sign(self, name: str) -> None:
        """Say who labels, where that is asked."""
        self.page.get_by_label("Your name").fill(name)
        self.click("That is me")
        expect(self.page.get_by_text("Who is labelling?")).to_have_count(0)
        self.settle()

    def add_class(self, name: str) -> None:
        field = self.page.get_by_label("Name of a new class")
        field.fill(name)
        field.press("Enter")
        expect(
            self.page.get_by_label(f"Merge {name}").or_(self.page.locator(".classes .name", has_text=name))
        ).to_be_visible()

    def label_by_key(self, truth: Mapping[str, str], keys: Mapping[str, str], count: int) -> None:
        """Label what is on the stage, as an expert who knows the truth would."""
        shown = self.page.locator(".stage .caption .path")
        for _ in range(count):
            expect(shown).not_to_be_empty()
            path = shown.inner_text()
            self.page.keyboard.press(keys[truth[path]])
            expect(shown).not_to_have_text(path)
        expect(self.page.locator(".stage .saved")).to_have_attribute("data-open", "0")
        self.settle()

    # --- Explore ---

    @property
    def map(self) -> Locator:
        return self.page.locator(".map[data-ready]")

    def lasso(self, left: float, top: float, right: float, bottom: float) -> None:
        """Draw around a part of the map, given in shares of its width and height."""
        self.map.focus()
        self.page.keyboard.press("l")
        box = self.map.bounding_box()
        assert box
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point, steps=8)
        self.page.mouse.up()
        self.settle()
