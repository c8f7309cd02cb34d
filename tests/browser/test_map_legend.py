"""The legend of the map: it hides and shows values and ends of a scale, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.component_page import (
    come_to,
    drag,
)

pytestmark = pytest.mark.browser


def test_what_the_legend_hides_is_not_selected(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    area.get_by_role("button", name="odd").click()
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (3.5, 0.5))
    come_to(page, lambda: [event["rows"] for event in events()][-1:], [[0, 2]])


def test_a_legend_that_would_hide_much_of_a_small_map_begins_folded_and_stays_open_once_opened(
    show: Callable[..., Locator],
) -> None:
    expect(show("maps").nth(0).locator(".legend .line").first).to_be_visible()
    area = show("maps", many=1).nth(0)
    title, line = area.locator(".legend .title"), area.locator(".legend .line").first
    expect(title).to_have_attribute("aria-expanded", "false")
    expect(line).to_be_hidden()
    title.click()
    expect(line).to_be_visible()
    line.click()
    expect(line).to_have_attribute("aria-pressed", "false")
    expect(title).to_have_attribute("aria-expanded", "true")


def test_a_double_click_in_the_legend_shows_one_value_alone_and_again_all(
    page: Page, show: Callable[..., Locator]
) -> None:
    area = show("map")
    lines = area.locator(".legend .line")
    for other in ("false", "true"):
        lines.nth(0).dblclick()
        expect(lines.nth(1)).to_have_attribute("aria-pressed", other)
        expect(lines.nth(0)).to_have_attribute("aria-pressed", "true")


def test_the_legend_is_worked_by_keys_alone(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    lines = area.locator(".legend .line")
    lines.nth(1).focus()
    page.keyboard.press("o")  # only this one
    expect(lines.nth(0)).to_have_attribute("aria-pressed", "false")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(lines.nth(1)).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("a")
    expect(lines.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(area.get_by_role("button", name="Show all")).to_be_hidden()


def test_a_scale_is_narrowed_by_dragging_its_ends_or_by_keys_and_shown_whole_again(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    page.get_by_text("number", exact=True).click()
    low, high = area.get_by_role("slider", name="Number from"), area.get_by_role("slider", name="Number to")
    low.focus()
    page.keyboard.press("PageUp")  # a tenth: images 0 to 5 of 60 go
    expect(low).to_have_attribute("aria-valuenow", "5.807")
    box, ramp = high.bounding_box(), area.locator(".ramp").bounding_box()
    assert box and ramp
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(ramp["x"] + ramp["width"] / 2, ramp["y"], steps=4)  # images 30 to 59 go
    page.mouse.up()
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (3.5, -0.25), (6.5, 5.25))
    come_to(page, lambda: [event["rows"] for event in events()][-1:], [[6, 14, 15, 16, 24, 25, 26]])
    area.get_by_role("button", name="Show all").click()
    expect(low).to_have_attribute("aria-valuenow", "0")
