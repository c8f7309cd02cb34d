"""One image of the grid at full size: its facts, its neighbours, and examples of each class to compare with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.geometry.neighbours import load_graph
from engine.images.table import read_table
from engine.project import Project
from tests.browser.component_page import (
    come_to,
    labels_given,
)

pytestmark = pytest.mark.browser

Show = Callable[..., Locator]
Events = Callable[[], list[dict[str, Any]]]


def test_arrows_move_the_focus_and_enter_opens_the_image_at_native_resolution(
    page: Page, show: Show, lattice: Project
) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    table = read_table(lattice)
    picture = area.locator(".viewer .picture img")
    expect(picture).to_have_attribute("alt", str(table.paths[1]))
    expect(picture).to_have_js_property("naturalWidth", int(table.frame["width"].iloc[1]))
    page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("alt", str(table.paths[2]))
    page.keyboard.press("Escape")
    expect(area.locator(".viewer")).to_be_hidden()
    expect(area.locator(".focused")).to_have_attribute("aria-posinset", "3")


def test_the_viewer_says_who_labelled_an_image_and_how(page: Page, show: Show) -> None:
    area = show("grid")
    area.locator('[data-row="20"]').dblclick()
    facts = area.locator(".viewer .judged")
    expect(facts).to_contain_text("tumour")
    expect(facts).to_contain_text("by key")
    expect(facts).to_contain_text("ana")
    known = area.locator(".viewer dl").nth(1)
    expect(known).to_contain_text("size")
    folders = [name for name in known.locator("dt").all_inner_texts() if name.startswith("folder")]
    assert folders == ["folder 1"]  # not the same again as “folder”


def test_the_viewer_leads_to_neighbours_and_back_and_labels_what_it_shows(
    page: Page, show: Show, events: Events, lattice: Project
) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("Enter")
    nearest = load_graph(lattice, "some").indices[0]
    neighbours = area.locator(".alike button")
    expect(neighbours).to_have_count(12)
    neighbours.nth(1).click()
    paths = read_table(lattice).paths
    picture = area.locator(".viewer .picture img")
    expect(picture).to_have_attribute("alt", str(paths[nearest[1]]))
    page.keyboard.press("2")
    come_to(page, lambda: labels_given(events), [([int(nearest[1])], 2)])
    expect(area.locator(".viewer .chip.given")).to_contain_text("stroma")
    area.get_by_role("button", name="Back to the image before").click()
    expect(picture).to_have_attribute("alt", str(paths[0]))


def test_x_compares_with_examples_of_each_class_and_shift_x_with_more(page: Page, show: Show) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    examples = area.locator(".body .compare .example:not(.none)")
    expect(examples).to_have_count(0)
    page.keyboard.press("x")
    expect(examples).to_have_count(2)  # the first of tumour and of stroma
    page.keyboard.press("Shift+X")
    expect(examples).to_have_count(3)
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    expect(area.locator(".viewer .compare .example:not(.none)")).to_have_count(2)
    page.keyboard.press("x")
    expect(area.locator(".viewer .compare")).to_be_hidden()
