"""The grid in a real browser: what is drawn, selected, compared, labelled, refused, and told to Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from engine.geometry.neighbours import load_graph
from engine.images.table import read_table
from engine.project import Project
from tests.browser.component_page import come_to, settled
from tests.browser.conftest import Dashboard

pytestmark = pytest.mark.browser

Show = Callable[..., Locator]
Events = Callable[[], list[dict[str, Any]]]
TALLEST = 4_000_000  # pixels, tall.js


def labels_given(events: Events) -> list[tuple[list[int], int]]:
    return [(event["rows"], event["class"]) for event in events() if event["kind"] == "label"]


def in_focus(area: Locator) -> Locator:
    return area.locator(".tile.focused")


def middle(tile: Locator, x: float = 0.5, y: float = 0.5) -> tuple[float, float]:
    """A place within a tile, in shares of its size."""
    box = tile.bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def first_in_sight(area: Locator) -> int:
    """Position, from 1, of the first image wholly in sight."""
    return int(
        area.locator(".scroller").evaluate(
            """(scroller) => {
              const top = scroller.getBoundingClientRect().top;
              const tiles = [...scroller.querySelectorAll(".tile")];
              const seen = tiles.filter((tile) => tile.getBoundingClientRect().top >= top);
              return Math.min(...seen.map((tile) => Number(tile.dataset.position) + 1));
            }"""
        )
    )


# --- selecting -----------------------------------------------------------------------------------------------------


def test_click_shift_click_and_ctrl_click_select(page: Page, show: Show) -> None:
    area = show("grid", report="yes")
    tiles = area.get_by_role("option")
    tiles.nth(1).click()
    tiles.nth(4).click(modifiers=["Shift"])
    tiles.nth(2).click(modifiers=["ControlOrMeta"])
    expect(page.get_by_text("selected: [1, 3, 4]")).to_be_visible()


def test_a_selects_all_i_the_others_and_escape_none(page: Page, show: Show) -> None:
    area = show("grid", report="yes")
    area.get_by_role("option").nth(0).click()
    page.keyboard.press("i")
    expect(page.get_by_text(f"selected: {list(range(1, 60))}")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text(f"selected: {list(range(60))}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("selected: []")).to_be_visible()


def test_a_drag_selects_what_it_touches_shift_adds_and_alt_takes_away(page: Page, show: Show) -> None:
    area = show("grid", report="yes")
    tiles = area.get_by_role("option")
    drag(page, middle(tiles.nth(2), 0.5), middle(tiles.nth(0), 0.5))
    expect(page.get_by_text("selected: [0, 1, 2]")).to_be_visible()
    page.keyboard.down("Shift")
    drag(page, middle(tiles.nth(4)), middle(tiles.nth(5)))
    page.keyboard.up("Shift")
    expect(page.get_by_text("selected: [0, 1, 2, 4, 5]")).to_be_visible()
    page.keyboard.down("Alt")
    drag(page, middle(tiles.nth(1)), middle(tiles.nth(2)))
    page.keyboard.up("Alt")
    expect(page.get_by_text("selected: [0, 4, 5]")).to_be_visible()


def test_escape_gives_a_drag_up(page: Page, show: Show) -> None:
    area = show("grid", report="yes")
    tiles = area.get_by_role("option")
    tiles.nth(5).click()
    page.mouse.move(*middle(tiles.nth(0)))
    page.mouse.down()
    page.mouse.move(*middle(tiles.nth(2)), steps=4)
    expect(area.locator('[aria-selected="true"]')).to_have_count(3)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.get_by_text("selected: [5]")).to_be_visible()
    expect(area.locator('[aria-selected="true"]')).to_have_count(1)


def test_a_drag_held_at_the_edge_scrolls_on(page: Page, show: Show) -> None:
    area = show("grid", rows=1000)
    scroller = area.locator(".scroller")
    box = scroller.bounding_box()
    assert box
    page.mouse.move(*middle(area.get_by_role("option").nth(0)))
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + box["height"] - 4, steps=4)
    expect(area.locator('[aria-posinset="100"][aria-selected="true"]')).to_be_visible(timeout=20_000)
    page.mouse.up()
    expect(area.locator(".status")).to_contain_text("of 1,000 selected")


# --- labelling -----------------------------------------------------------------------------------------------------


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


# --- many images ---------------------------------------------------------------------------------------------------


def test_of_100_000_images_only_those_in_sight_are_in_the_page(page: Page, show: Show) -> None:
    area = show("grid", rows=100_000)
    assert area.get_by_role("option").count() < 400
    area.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight; }")
    expect(area.locator('[aria-posinset="100000"]')).to_be_visible()
    assert area.get_by_role("option").count() < 400


def test_the_last_of_100_000_is_reached_where_the_sheet_would_be_taller_than_browsers_draw(
    page: Page, show: Show
) -> None:
    page.set_viewport_size({"width": 480, "height": 800})
    area = show("grid", rows=100_000, size=256)  # one column: 35 million pixels
    scroller = area.locator(".scroller")
    assert scroller.evaluate("(scroller) => scroller.scrollHeight") <= TALLEST
    scroller.focus()
    page.keyboard.press("End")
    expect(area.locator('[aria-posinset="100000"]')).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("ArrowUp")
    expect(in_focus(area)).to_have_attribute("aria-posinset", "99999")
    page.keyboard.press("Home")
    expect(area.locator('[aria-posinset="1"]')).to_be_in_viewport(ratio=0.9)


def test_on_a_cut_sheet_a_step_moves_by_itself_and_a_jump_goes_to_its_share(page: Page, show: Show) -> None:
    page.set_viewport_size({"width": 480, "height": 800})
    area = show("grid", rows=100_000, size=256)
    scroller = area.locator(".scroller")
    scroller.evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight / 2; }")
    come_to(page, lambda: abs(first_in_sight(area) - 50_000) < 1500, True)
    before = first_in_sight(area)
    for _ in range(300):
        scroller.evaluate("(scroller) => { scroller.scrollTop += 353; }")
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert 0 < first_in_sight(area) - before < 330  # by images, and not by the three hundredfold of it


def test_thumbnails_come_a_few_at_a_time_and_what_was_scrolled_past_is_not_asked_for(
    page: Page, component_server: Dashboard
) -> None:
    asked: list[str] = []

    def hold(route: Route) -> None:
        asked.append(route.request.url)  # and never answered

    page.route("**/handful/thumb/**", hold)
    page.goto(f"{component_server.address}/?show=grid&rows=100000")
    page.locator(".tile").first.wait_for()
    come_to(page, lambda: len(asked), 6)
    scroller = page.locator(".scroller")
    for share in (0.2, 0.4, 0.6, 0.8):
        scroller.evaluate("(scroller, share) => { scroller.scrollTop = scroller.scrollHeight * share; }", share)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    settled(page)
    assert len(asked) <= 6 * 5 < page.locator(".tile").count() * 5  # six at most of each place, far from all


# --- the viewer ----------------------------------------------------------------------------------------------------


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
    expect(area.locator(".viewer dl").nth(1)).to_contain_text("size")


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


def test_question_mark_shows_the_keys_and_escape_hides_them(page: Page, show: Show) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("?")
    expect(area.locator(".keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(area.locator(".keys")).to_be_hidden()
