"""The grid in a real browser: what is drawn, selected and told to Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.component_page import come_to, in_focus, settled
from tests.browser.conftest import Dashboard

pytestmark = pytest.mark.browser

Show = Callable[..., Locator]
Events = Callable[[], list[dict[str, Any]]]
TALLEST = 4_000_000  # pixels, tall.js


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


def test_v_selects_what_can_be_seen_whole_and_leaves_out_what_an_edge_cuts(page: Page, show: Show) -> None:
    area = show("grid", report="yes")
    area.get_by_role("option").nth(0).click()
    page.keyboard.press("Escape")
    area.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = 60; }")  # the first row is cut
    page.keyboard.press("v")
    seen = area.evaluate(
        """(area) => {
            const frame = area.querySelector(".scroller").getBoundingClientRect();
            return [...area.querySelectorAll(".tile")].filter((tile) => {
                const { top, bottom } = tile.querySelector("img").getBoundingClientRect();
                return top >= frame.top && bottom <= frame.bottom;
            }).map((tile) => Number(tile.dataset.position)).sort((one, other) => one - other);
        }"""
    )
    assert seen and seen[0] > 0
    expect(page.get_by_text(f"selected: {seen}")).to_be_visible()
    page.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = 0; }")
    page.keyboard.press("Shift+V")
    expect(page.get_by_text(f"selected: {[*range(seen[0]), *seen]}")).to_be_visible()


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


# --- keys ----------------------------------------------------------------------------------------------------------


def test_question_mark_shows_the_keys_and_escape_hides_them(page: Page, show: Show) -> None:
    area = show("grid")
    area.locator(".scroller").focus()
    page.keyboard.press("?")
    expect(area.locator(".keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(area.locator(".keys")).to_be_hidden()
