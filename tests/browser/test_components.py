"""The grid in a real browser: what is drawn, selected, labelled, and told to Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.images.table import read_table
from engine.project import Project
from tests.browser.component_page import come_to, settled

pytestmark = pytest.mark.browser


def test_click_shift_click_and_ctrl_click_select(page: Page, show: Callable[..., Locator]) -> None:
    area = show("grid", report="yes")
    tiles = area.get_by_role("option")
    tiles.nth(1).click()
    tiles.nth(4).click(modifiers=["Shift"])
    tiles.nth(2).click(modifiers=["ControlOrMeta"])
    expect(page.get_by_text("selected: [1, 3, 4]")).to_be_visible()


def test_a_selects_all_i_the_others_and_escape_none(page: Page, show: Callable[..., Locator]) -> None:
    area = show("grid", report="yes")
    area.get_by_role("option").nth(0).click()
    page.keyboard.press("i")
    expect(page.get_by_text(f"selected: {list(range(1, 60))}")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text(f"selected: {list(range(60))}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("selected: []")).to_be_visible()


def test_no_key_of_a_fast_labeller_is_lost_while_the_script_is_slow(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("grid", slow=0.4)
    area.locator(".scroller").focus()
    pressed = [1 + step % 2 for step in range(40)]
    for key in pressed:
        page.keyboard.press(str(key), delay=10)
        page.wait_for_timeout(40)  # some 20 keys a second
    come_to(
        page,
        lambda: [(event["kind"], event["rows"], event["class"]) for event in events()],
        [("label", [place], key) for place, key in enumerate(pressed)],
    )


def test_a_label_is_painted_before_python_answers(page: Page, show: Callable[..., Locator]) -> None:
    area = show("grid", slow=2)
    area.locator(".scroller").focus()
    page.keyboard.press("1")
    expect(area.get_by_role("option").nth(0)).to_have_attribute("aria-label", "Image 1, tumour", timeout=500)


def test_keys_label_the_selection_if_there_is_one(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("grid")
    tiles = area.get_by_role("option")
    tiles.nth(3).click()
    tiles.nth(5).click(modifiers=["ControlOrMeta"])
    page.keyboard.press("2")
    page.keyboard.press("u")
    page.keyboard.press("Control+z")
    come_to(
        page,
        lambda: [(event["kind"], event["rows"], event["class"]) for event in events()],
        [
            ("label", [3, 5], 2),
            ("skip", [5], None),
            ("undo", [], None),
        ],
    )


def test_nothing_happens_while_somebody_types(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    show("grid")
    page.get_by_label("Words").click()
    page.keyboard.type("12ua")
    page.keyboard.press("Enter")
    settled(page)
    assert events() == []


def test_of_100_000_images_only_those_in_sight_are_in_the_page(page: Page, show: Callable[..., Locator]) -> None:
    area = show("grid", rows=100_000)
    assert area.get_by_role("option").count() < 400
    area.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight; }")
    expect(area.locator('[aria-posinset="100000"]')).to_be_visible()
    assert area.get_by_role("option").count() < 400


def test_arrows_move_the_focus_and_enter_opens_the_image_at_native_resolution(
    page: Page, show: Callable[..., Locator], lattice: Project
) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    table = read_table(lattice)
    picture = area.locator(".viewer img")
    expect(picture).to_have_attribute("alt", str(table.paths[1]))
    expect(picture).to_have_js_property("naturalWidth", int(table.frame["width"].iloc[1]))
    page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("alt", str(table.paths[2]))
    page.keyboard.press("Escape")
    expect(area.locator(".viewer")).to_be_hidden()
    expect(area.locator(".focused")).to_have_attribute("aria-posinset", "3")


def test_events_not_yet_answered_survive_a_refresh(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.context.set_offline(True)
    page.evaluate("() => { WebSocket.prototype.send = () => {}; }")  # the network is gone before the key is pressed
    page.keyboard.press("1")
    page.context.set_offline(False)
    page.reload()
    page.locator(".frame.loaded").first.wait_for()
    come_to(page, lambda: [(event["kind"], event["rows"], event["class"]) for event in events()], [("label", [0], 1)])


def test_question_mark_shows_the_keys_and_escape_hides_them(page: Page, show: Callable[..., Locator]) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("?")
    expect(area.locator(".keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(area.locator(".keys")).to_be_hidden()
