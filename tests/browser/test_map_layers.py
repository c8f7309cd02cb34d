"""What lies over the map's points: crowds as density, names of the colours, thumbnails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.project import Project
from tests.browser.component_page import (
    screen_colour,
)

pytestmark = pytest.mark.browser


def test_names_are_written_where_most_points_of_a_colour_lie(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    area.focus()
    expect(area.locator(".names text")).to_have_count(0)
    page.keyboard.press("n")
    expect(area.locator(".names text")).not_to_have_count(0)
    assert set(area.locator(".names text").all_text_contents()) <= {"even", "odd"}
    page.keyboard.press("n")
    expect(area.locator(".names text")).to_have_count(0)


def test_a_crowd_is_drawn_as_density_in_its_colours_and_point_by_point_on_request_and_from_near(
    page: Page, show: Callable[..., Locator]
) -> None:
    area = show("crowd")
    density = area.locator("canvas.density")
    expect(density).to_have_class("density on")
    box = area.bounding_box()
    assert box
    middle, half = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    blue, _, orange = (screen_colour(page, middle + right, half) for right in (-30, 0, 30))
    assert blue[2] > blue[0] + 40  # the left half is even: #0072B2
    assert orange[0] > orange[2] + 40  # the right half is odd: #E69F00
    area.focus()
    page.keyboard.press("d")
    expect(density).to_have_class("density")
    page.keyboard.press("d")
    expect(density).to_have_class("density on")
    for _ in range(9):
        page.keyboard.press("+")
    expect(density).to_have_class("density")


def test_the_picture_of_a_crowd_moves_with_the_map(page: Page, show: Callable[..., Locator]) -> None:
    area = show("crowd")
    box = area.bounding_box()
    assert box
    middle, half = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle, half + 150)
    page.mouse.down()
    page.mouse.move(middle + 90, half + 150, steps=3)
    page.mouse.up()
    page.wait_for_timeout(400)
    moved = screen_colour(page, middle + 60, half)
    assert moved[2] > moved[0] + 40  # still of the left half, which has come here


def test_names_follow_what_is_zoomed_to(page: Page, show: Callable[..., Locator]) -> None:
    area = show("crowd")
    box = area.bounding_box()
    assert box
    area.focus()
    page.keyboard.press("n")
    expect(area.locator(".names text")).to_have_count(2)
    page.mouse.move(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -1200)
    expect(area.locator(".names text")).to_have_text(["even"])


def test_thumbnails_lie_on_the_map_without_overlap_and_more_of_them_from_near(
    page: Page, show: Callable[..., Locator], lattice: Project
) -> None:
    area = show("map")
    area.focus()
    page.keyboard.press("t")
    expect(area.locator(".exemplar.loaded").first).to_be_visible()
    boxes = area.locator(".exemplar").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map(({x, y, width}) => [x, y, width])"
    )
    assert len(boxes) > 10
    for place_of, (x, y, side) in enumerate(boxes):
        for other_x, other_y, _ in boxes[:place_of]:
            assert max(abs(x - other_x), abs(y - other_y)) >= side
    frame = area.locator(".exemplar").first.evaluate("(one) => getComputedStyle(one).borderColor")
    assert frame in ("rgb(0, 114, 178)", "rgb(230, 159, 0)")
    x, y, side = boxes[0]
    page.mouse.move(x + side / 2, y + side / 2)
    expect(area.locator(".card .path")).to_be_visible()
    area.get_by_role("button", name="odd").click()
    expect(area.locator(".exemplar").first).to_be_visible()
    page.keyboard.press("t")
    expect(area.locator(".exemplar")).to_have_count(0)
