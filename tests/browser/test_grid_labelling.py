"""Labelling in the grid: every key counts, the selection goes first, and what is refused is taken back and told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.component_page import (
    come_to,
    in_focus,
    labels_given,
    settled,
)

pytestmark = pytest.mark.browser

Show = Callable[..., Locator]
Events = Callable[[], list[dict[str, Any]]]


def test_no_key_of_a_fast_labeller_is_lost_while_the_script_is_slow(page: Page, show: Show, events: Events) -> None:
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


def test_a_label_is_painted_before_python_answers(page: Page, show: Show) -> None:
    area = show("grid", slow=2)
    area.locator(".scroller").focus()
    page.keyboard.press("1")
    expect(area.get_by_role("option").nth(0)).to_have_attribute("aria-label", "Image 1, tumour", timeout=500)


def test_keys_label_the_selection_if_there_is_one(page: Page, show: Show, events: Events) -> None:
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


def test_what_was_labelled_is_no_longer_selected_and_python_knows(page: Page, show: Show, events: Events) -> None:
    area = show("grid", report="yes")
    area.get_by_role("option").nth(1).click()
    expect(page.get_by_text("selected: [1]")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_text("selected: []")).to_be_visible()
    come_to(page, lambda: [(event["kind"], event["rows"]) for event in events()], [("label", [1])])
    expect(area.locator('[aria-selected="true"]')).to_have_count(0)


def test_nothing_happens_while_somebody_types(page: Page, show: Show, events: Events) -> None:
    show("grid")
    page.get_by_label("Words").click()
    page.keyboard.type("12ua")
    page.keyboard.press("Enter")
    settled(page)
    assert events() == []


def test_a_held_key_labels_one_image(page: Page, show: Show, events: Events) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    for _ in range(5):
        page.keyboard.down("1")  # without an up between, as a held key repeats
    page.keyboard.up("1")
    come_to(page, lambda: labels_given(events), [([0], 1)])


def test_a_label_that_is_refused_goes_back_and_says_why(page: Page, show: Show) -> None:
    area = show("grid", slow=0.5, refuse=2)
    area.locator(".scroller").focus()
    first = area.get_by_role("option").nth(0)
    page.keyboard.press("2")
    expect(first).to_have_attribute("aria-label", "Image 1, stroma")  # at once
    expect(area.locator(".status.problem")).to_have_text("Not saved: Class 2 was deleted by somebody else.")
    expect(first).to_have_attribute("aria-label", "Image 1, no label")
    expect(in_focus(area)).to_have_attribute("data-row", "0")  # to be decided again
    page.keyboard.press("1")
    settled(page)
    expect(first).to_have_attribute("aria-label", "Image 1, tumour")


def test_a_refusal_is_told_though_the_labels_after_it_were_saved(page: Page, show: Show, events: Events) -> None:
    area = show("grid", slow=0.4, refuse=2)
    area.locator(".scroller").focus()
    for key in "11211":
        page.keyboard.press(key)
    expect(area.locator(".status.problem")).to_contain_text("Not saved")
    settled(page)
    said = [tile.get_attribute("aria-label") for tile in area.get_by_role("option").all()[:5]]
    kept = ["no label" if place == 3 else "tumour" for place in range(1, 6)]
    assert said == [f"Image {place}, {word}" for place, word in enumerate(kept, start=1)]


def test_slash_finds_a_class_by_its_name_and_typing_labels_nothing_else(page: Page, show: Show, events: Events) -> None:
    area = show("grid", classes=14)
    area.locator(".scroller").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("/")
    finder = area.get_by_role("combobox", name="Find a class by its name")
    expect(finder).to_be_focused()
    page.keyboard.type("ne")  # n and e are keys of classes, too
    expect(area.locator(".palette .entry")).to_have_text([re.compile("nerve"), re.compile("necrosis")])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(area.locator(".palette")).to_be_hidden()
    expect(area.locator(".scroller")).to_be_focused()
    come_to(page, lambda: labels_given(events), [([1], 11)])
    page.keyboard.press("q")  # the eleventh class has the key q
    come_to(page, lambda: labels_given(events), [([1], 11), ([2], 11)])


def test_ctrl_enter_agrees_to_the_selection(page: Page, show: Show, events: Events) -> None:
    area = show("grid")
    area.get_by_role("option").nth(3).click()
    page.keyboard.press("Control+Enter")
    come_to(page, lambda: [(event["kind"], event["rows"]) for event in events()], [("agree", [3])])


def test_the_image_in_focus_stays_in_its_place_while_others_change_theirs(page: Page, show: Show) -> None:
    area = show("grid", rows=60, size=200)
    area.locator(".scroller").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    row, before = in_focus(area).get_attribute("data-row"), in_focus(area).bounding_box()
    page.get_by_text("Reverse").click()
    settled(page)
    expect(in_focus(area)).to_have_attribute("aria-posinset", str(60 - int(row or 0)))
    after = in_focus(area).bounding_box()
    assert before and after and in_focus(area).get_attribute("data-row") == row
    assert abs(after["y"] - before["y"]) < 2


def test_events_not_yet_answered_survive_a_refresh(page: Page, show: Show, events: Events) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.context.set_offline(True)
    page.evaluate("() => { WebSocket.prototype.send = () => {}; }")  # the network is gone before the key is pressed
    page.keyboard.press("1")
    page.context.set_offline(False)
    page.reload()
    page.locator(".frame.loaded").first.wait_for()
    come_to(page, lambda: [(event["kind"], event["rows"], event["class"]) for event in events()], [("label", [0], 1)])
