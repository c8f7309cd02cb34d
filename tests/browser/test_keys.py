"""The keys that map and grid list and no other test presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.component_page import come_to, draw, in_focus

pytestmark = pytest.mark.browser

Show = Callable[..., Locator]
Events = Callable[[], list[dict[str, Any]]]


def test_shift_and_arrows_select_on_the_way_and_space_turns_one_image_over(page: Page, show: Show) -> None:
    area = show("grid", report="yes")
    area.get_by_role("option").nth(0).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("selected: [0, 1, 2]")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_text("selected: [0, 1]")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(in_focus(area)).to_have_attribute("aria-posinset", "2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(in_focus(area)).to_have_attribute("aria-posinset", "2")
    expect(page.get_by_text("selected: [0, 1]")).to_be_visible()  # moving alone selects nothing


def test_backspace_takes_a_label_away_and_s_asks_for_what_is_alike(page: Page, show: Show, events: Events) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    page.keyboard.press("s")
    found = [("label", [0]), ("clear", [0]), ("similar", [1])]  # each goes on to the next image
    come_to(page, lambda: [(event["kind"], event["rows"]) for event in events()], found)


def test_s_in_the_viewer_asks_for_what_is_like_its_image(page: Page, show: Show, events: Events) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    come_to(page, lambda: [(event["kind"], event["rows"]) for event in events()], [("similar", [0])])


def test_h_takes_up_the_hand_again(page: Page, show: Show, events: Events) -> None:
    area = show("map")
    area.focus()
    tools = {name: area.get_by_role("button", name=name) for name in ("Hand", "Lasso")}
    for key, held, other in (("l", "Lasso", "Hand"), ("h", "Hand", "Lasso")):
        page.keyboard.press(key)
        expect(tools[held]).to_have_attribute("aria-pressed", "true")
        expect(tools[other]).to_have_attribute("aria-pressed", "false")
    draw(page, area, [(0.5, -0.25), (5.6, -0.25), (0.5, 4.7)])  # moves the map, selects nothing
    expect(area.locator(".amount")).not_to_be_visible()
    assert events() == []


@pytest.mark.parametrize(
    "there_and_back", [("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"), ("-", "+"), ("-", "0")]
)
def test_the_map_is_moved_and_zoomed_by_key_and_back(page: Page, show: Show, there_and_back: tuple[str, str]) -> None:
    there, back = there_and_back
    area = show("map")
    area.focus()
    begun = seen(page, area)
    page.keyboard.press(there)
    moved = seen(page, area)
    page.keyboard.press(back)
    assert moved != begun
    assert seen(page, area) == begun


def test_undo_on_the_map_reaches_python(page: Page, show: Show, events: Events) -> None:
    area = show("map")
    area.focus()
    page.keyboard.press("Control+z")
    come_to(page, lambda: [event["kind"] for event in events()], ["undo"])


def seen(page: Page, area: Locator) -> bytes:
    """The map as it is drawn once it stands still."""
    page.wait_for_timeout(400)
    return area.screenshot()
