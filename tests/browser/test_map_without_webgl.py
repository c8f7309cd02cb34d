"""The map where the browser has no WebGL2: the same picture, and all that can be done with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import WITHOUT_WEBGL
from tests.browser.component_page import come_to, drag, settled

pytestmark = pytest.mark.browser


def picture(page: Page, area: Locator) -> np.ndarray:
    """What the map shows with two images selected, float [H W 3] in 0 … 255."""
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (1.5, 0.5))
    page.mouse.move(2, 2)
    settled(page)
    return steady(page, area)


def steady(page: Page, area: Locator) -> np.ndarray:
    """What the map shows once it stays so."""
    shots = [area.screenshot()]
    while len(shots) < 2 or shots[-1] != shots[-2]:
        page.wait_for_timeout(300)
        shots.append(area.screenshot())
    return np.asarray(Image.open(io.BytesIO(shots[-1])).convert("RGB"), float)


def test_the_picture_is_the_same(page: Page, show: Callable[..., Locator]) -> None:
    with_it = picture(page, show("map"))
    page.add_init_script(WITHOUT_WEBGL)
    area = show("map")
    without = picture(page, area)
    assert page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
    apart = np.abs(with_it - without).max(axis=2)
    drawn = np.abs(with_it - with_it[0, 0]).max(axis=2) > 24
    assert drawn.sum() > 2000
    assert (apart > 96).mean() < 0.002  # but for the soft rims of the points
    assert apart[drawn].mean() < 12


def test_images_are_selected_and_labelled(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    page.add_init_script(WITHOUT_WEBGL)
    area = show("map")
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (1.5, 0.5))
    expect(area.locator(".amount")).to_have_text("2 selected")
    page.keyboard.press("2")
    come_to(
        page, lambda: [(event["kind"], event["rows"]) for event in events()], [("select", [0, 1]), ("label", [0, 1])]
    )
