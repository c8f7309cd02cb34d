"""What tests do on a page with one of our components alone, over a project whose map is a lattice (conftest.py)."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

ACROSS, DOWN = 10, 6  # the 60 images lie on a lattice: image r at x = r % 10, y = r // 10
MARGIN, TOP = 28, 70  # pixels around the points and above them, camera.js


def settled(page: Page) -> None:
    """Wait until Streamlit has answered."""
    page.wait_for_timeout(150)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def come_to(page: Page, look: Callable[[], Any], expected: Any) -> None:
    """Wait until `look` finds what is expected, and see that it stays: events wait for the answer to earlier ones."""
    deadline = time.monotonic() + 20
    while look() != expected and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    settled(page)
    assert look() == expected


def place(area: Locator, x: float, y: float) -> tuple[float, float]:
    """The pixel of a place of the lattice while the whole map is in view."""
    box = area.bounding_box()
    assert box
    width, height = box["width"] - 2, box["height"] - 2  # inside the border
    scale = min((width - 2 * MARGIN) / (ACROSS - 1), (height - TOP - MARGIN) / (DOWN - 1))
    middle_x, middle_y = box["x"] + 1 + width / 2, box["y"] + 1 + (height + TOP - MARGIN) / 2
    return middle_x + (x - (ACROSS - 1) / 2) * scale, middle_y - (y - (DOWN - 1) / 2) * scale


def draw(page: Page, area: Locator, outline: list[tuple[float, float]]) -> None:
    """Drag along an outline given in units of the lattice."""
    pixels = [place(area, x, y) for x, y in outline]
    page.mouse.move(*pixels[0])
    page.mouse.down()
    for pixel in [*pixels[1:], pixels[0]]:
        page.mouse.move(*pixel, steps=4)
    page.mouse.up()


def screen_colour(page: Page, x: float, y: float) -> tuple[int, int, int]:
    """What is seen at a pixel of the page."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    red, green, blue = np.asarray(shot)[round(y), round(x)]
    return int(red), int(green), int(blue)


def distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    return math.dist(one, other)


def drag(page: Page, area: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag from one place of the lattice to another."""
    page.mouse.move(*place(area, *start))
    page.mouse.down()
    page.mouse.move(*place(area, *end), steps=6)
    page.mouse.up()


def labels_given(events: Callable[[], list[dict[str, Any]]]) -> list[tuple[list[int], int]]:
    """The labels that Python has been told: rows and class of each."""
    return [(event["rows"], event["class"]) for event in events() if event["kind"] == "label"]


def in_focus(area: Locator) -> Locator:
    """The tile of the grid that keys are about."""
    return area.locator(".tile.focused")
