"""The map in a real browser: what is drawn, selected, labelled, and told to Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from engine.images.table import read_table
from engine.project import Project
from tests.browser.component_page import come_to, distance, drag, draw, place, screen_colour, settled

pytestmark = pytest.mark.browser


def test_the_lasso_selects_what_lies_inside_it_and_nothing_else(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    page.keyboard.press("Escape")
    area.focus()
    page.keyboard.press("l")
    draw(page, area, [(0.5, -0.25), (5.6, -0.25), (0.5, 4.7)])  # holds x ≥ 1 and x + y ≤ 5
    expect(area.locator(".amount")).to_have_text("15 selected")
    come_to(page, lambda: len(events()), 1)
    inside = [1, 2, 3, 4, 5, 11, 12, 13, 14, 21, 22, 23, 31, 32, 41]
    (event,) = events()
    assert (event["kind"], event["rows"]) == ("select", inside)
    assert len(event["polygon"]) >= 3
    expect(page.get_by_text(f"selected: {inside}")).to_be_visible()


def test_shift_adds_to_the_selection_and_alt_takes_away(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (2.5, 0.5))
    page.keyboard.down("Shift")
    drag(page, area, (4.5, -0.25), (5.5, 0.5))
    page.keyboard.up("Shift")
    page.keyboard.down("Alt")
    drag(page, area, (0.5, -0.25), (1.5, 0.5))
    page.keyboard.up("Alt")
    come_to(page, lambda: [event["rows"] for event in events()][-1:], [[0, 2, 5]])


def test_a_key_labels_the_selection(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (1.5, 0.5))
    page.keyboard.press("2")
    come_to(
        page,
        lambda: [(event["kind"], event["rows"], event["class"]) for event in events()],
        [
            ("select", [0, 1], None),
            ("label", [0, 1], 2),
        ],
    )


def test_python_may_clear_the_selection(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (1.5, 0.5))
    settled(page)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(area.locator(".selection")).to_be_hidden()


def test_other_colours_fetch_no_points_and_keep_the_camera(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/points/" in request.url else None)
    page.mouse.move(*place(area, 0, 0))
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(200)
    before = screen_colour(page, *place(area, 0, 0))
    page.get_by_text("number", exact=True).click()
    expect(area.locator(".ramp")).to_be_visible()
    settled(page)
    after = screen_colour(page, *place(area, 0, 0))
    assert fetched == []
    assert distance(before, (0x00, 0x72, 0xB2)) < 60  # image 0, even: the point under the wheel has stayed there
    assert distance(after, (0x00, 0x22, 0x4E)) < 60 or distance(after, (0x44, 0x01, 0x54)) < 60  # lowest of a scale


def test_a_point_is_drawn_where_it_lies_in_its_colour(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    page.wait_for_timeout(200)
    assert distance(screen_colour(page, *place(area, 4, 3)), (0x00, 0x72, 0xB2)) < 60  # image 34, even
    assert distance(screen_colour(page, *place(area, 5, 3)), (0xE6, 0x9F, 0x00)) < 60  # image 35, odd


def test_the_map_is_saved_as_the_picture_that_is_seen(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    area.focus()
    with page.expect_download() as kept:
        page.keyboard.press("p")
    picture = np.asarray(Image.open(kept.value.path()).convert("RGB")).astype(int)
    box = area.bounding_box()
    assert box and picture.shape[:2] == (round(box["height"]) - 2, round(box["width"]) - 2)
    x, y = place(area, 4, 3)
    seen = picture[round(y - box["y"] - 1), round(x - box["x"] - 1)]
    assert distance(tuple(seen), (0x00, 0x72, 0xB2)) < 60  # image 34, even


def test_the_map_is_saved_as_a_drawing_with_a_circle_for_each_point(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    area.get_by_role("button", name="odd").click()
    area.focus()
    with page.expect_download() as kept:
        page.keyboard.press("v")
    drawn = kept.value.path().read_text()
    assert drawn.count("<circle") == 30 + 1  # the even images, and the dot of their line in the legend
    assert ">even</text>" in drawn and ">odd</text>" not in drawn


def test_the_map_is_drawn_again_after_the_graphics_context_was_lost(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    page.wait_for_timeout(200)
    before = screen_colour(page, *place(area, 4, 3))
    page.evaluate(
        """() => new Promise((done) => {
          const roots = [...document.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean);
          const canvas = roots.map((root) => root.querySelector("canvas.points")).find(Boolean);
          const context = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
          canvas.addEventListener("webglcontextrestored", () => setTimeout(done, 300));
          context.loseContext();
          setTimeout(() => context.restoreContext(), 300);
        })"""
    )
    assert screen_colour(page, *place(area, 4, 3)) == before


def test_hovering_a_point_shows_its_thumbnail_and_name(
    page: Page, show: Callable[..., Locator], lattice: Project
) -> None:
    area = show("map")
    page.mouse.move(*place(area, 2, 1))
    name = str(read_table(lattice).paths[12]).rpartition("/")[2]
    expect(area.locator(".card .path")).to_have_text(name)
    expect(area.locator(".card img")).to_have_js_property("complete", True)


def test_clicking_a_point_asks_for_what_is_like_it(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    page.mouse.click(*place(area, 7, 2))
    page.wait_for_timeout(400)  # a second click would make it a double click
    come_to(page, lambda: [(event["kind"], event["rows"]) for event in events()], [("similar", [27])])


def test_the_wheel_zooms_to_the_pointer_and_zero_shows_all(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    corner = place(area, 9, 5)
    page.mouse.move(*corner)
    page.mouse.wheel(0, -800)
    page.mouse.move(corner[0] + 1, corner[1])
    expect(area.locator(".card")).to_be_visible()  # the point has stayed under the pointer
    area.focus()
    page.keyboard.press("0")
    page.mouse.move(*place(area, 0, 0))
    expect(area.locator(".card")).to_be_visible()


def test_while_it_moves_the_last_picture_shifts_and_at_rest_it_is_drawn_anew(
    page: Page, show: Callable[..., Locator]
) -> None:
    area = show("map")
    moved = area.evaluate(
        """async (area) => {
            const points = area.querySelector(".points"), seen = [];
            const frame = () => new Promise(requestAnimationFrame);
            const { now } = performance, { setTimeout: later } = window, held = [];
            performance.now = () => 0; // however long a frame takes here, the map has not come to rest
            window.setTimeout = (...timer) => held.push(timer);
            const { left, top, width, height } = area.getBoundingClientRect();
            for (let turn = 0; turn < 3; turn++) {
                const place = { clientX: left + width / 2, clientY: top + height / 2 };
                points.parentElement.querySelector(".surface").dispatchEvent(
                    new WheelEvent("wheel", { deltaY: -40, bubbles: true, cancelable: true, ...place }));
                await frame(); await frame();
                seen.push(points.style.transform);
            }
            performance.now = now;
            window.setTimeout = later;
            for (const timer of held) later(...timer);
            return seen;
        }"""
    )
    scales = [float(transform.partition("scale(")[2].rstrip(")")) for transform in moved]
    assert scales == sorted(scales) and scales[0] > 1
    expect(area.locator(".points")).to_have_css("transform", "none")


def test_at_first_no_point_lies_under_the_toolbar(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    tools, (x, y) = area.locator(".tools").bounding_box(), place(area, 0, 5)
    assert tools and tools["x"] < x < tools["x"] + tools["width"]  # the toolbar is above this point, ...
    assert y > tools["y"] + tools["height"] + 8  # ... which is whole below it
    page.mouse.move(x, y)
    expect(area.locator(".card")).to_be_visible()


def test_what_one_map_points_at_is_ringed_in_the_one_beside_it(page: Page, show: Callable[..., Locator]) -> None:
    left, right = show("maps").nth(0), page.locator(".map").nth(1)
    page.locator(".map[data-ready]").nth(1).wait_for()
    page.mouse.move(*place(left, 2, 1))
    ring = right.locator(".ring")
    expect(ring).to_have_class("ring distant")
    box, (x, y) = ring.bounding_box(), place(right, 2, 1)
    assert box
    assert abs(box["x"] + box["width"] / 2 - x) < 2 and abs(box["y"] + box["height"] / 2 - y) < 2
    page.mouse.move(*place(left, 2.5, 1.5))
    expect(ring).to_have_attribute("r", "0")


def test_by_m_maps_beside_each_other_move_together_and_by_m_again_alone(
    page: Page, show: Callable[..., Locator]
) -> None:
    left, right = show("maps").nth(0), page.locator(".map").nth(1)
    page.locator(".map[data-ready]").nth(1).wait_for()
    buttons = page.get_by_role("button", name="Move the maps beside each other together")
    x, y = place(left, 2, 1)
    left.focus()
    page.keyboard.press("m")
    for side in (0, 1):
        expect(buttons.nth(side)).to_have_attribute("aria-pressed", "true")
    page.mouse.move(x + 40, y)
    page.mouse.wheel(0, -300)  # so the point under (x, y) goes to the left, in both
    page.mouse.move(*place(left, 2.5, 1.5))

    def offset() -> float:
        """How much further from the left a point stands in one map than in the other, in pixels."""
        ring, sides = right.locator(".ring").bounding_box(), (left.bounding_box(), right.bounding_box())
        assert ring and sides[0] and sides[1]
        return abs(ring["x"] + ring["width"] / 2 - sides[1]["x"] - (seen - sides[0]["x"]))

    seen = x + 40 - 40 * math.exp(300 / 420)
    page.mouse.move(seen, y)
    expect(right.locator(".ring")).to_have_class("ring distant")
    assert offset() < 3
    right.focus()
    page.keyboard.press("m")
    for side in (0, 1):
        expect(buttons.nth(side)).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("0")  # of the right one alone
    page.mouse.move(*place(left, 2.5, 1.5))
    page.mouse.move(seen, y)
    expect(right.locator(".ring")).to_have_class("ring distant")
    assert offset() > 20
