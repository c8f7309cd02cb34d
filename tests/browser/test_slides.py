"""A slide in a real browser: seen, hovered, clicked, looked at closely, labelled by key."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project
from tests.browser.conftest import Dashboard
from tests.slides.pyramid import write_pyramid

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1024, 768  # of the slide, pixels


@pytest.fixture
def tiled(tmp_path: Path) -> Project:
    """A slide of four coloured squares, tiled at two scales, and two classes."""
    slides = write_pyramid(tmp_path / "slides" / "one.tif").parent
    project, _ = tile_project(tmp_path / "project", slides, TileConfig(size=128, mpps="0.5,1"))
    prepare(project)
    store = LabelStore(project)
    for name in ("tumour", "stroma"):
        store.add_class(name, "ann")
    remember_project(project.root)
    return project


def pixel(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the slide is on the page while the whole slide is in view."""
    box = page.locator(".slide .frame").bounding_box()
    assert box
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT)
    centre = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return centre[0] + (x - WIDTH / 2) * scale, centre[1] + (y - HEIGHT / 2) * scale


def colour(page: Page, x: float, y: float) -> np.ndarray:
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), int)
    across, down = pixel(page, x, y)
    picked: np.ndarray = shot[round(down), round(across)]
    return picked


def eventually(page: Page, look: Callable[[], bool]) -> None:
    for _ in range(100):
        if look():
            return
        page.wait_for_timeout(100)
    assert look()


def test_a_tile_is_clicked_looked_at_labelled_and_unlabelled(page: Page, dashboard: Dashboard, tiled: Project) -> None:
    page.goto(dashboard.url("slides", tiled.root))
    page.locator(".slide[data-ready]").wait_for()
    page.mouse.move(*pixel(page, 300, 60))
    expect(page.locator(".slide .card .paint")).to_have_text("not labelled")

    page.mouse.click(*pixel(page, 64, 64))  # the upper left tile of 128 pixels
    expect(page.locator(".slide aside .large img")).to_have_attribute("alt", "one/0.5um-128px/x64_y64.jpg")
    expect(page.locator(".slide aside .scale")).to_have_text(["20x", "10x"])
    before = colour(page, 64, 64)

    page.keyboard.press("2")
    store = LabelStore(tiled)
    eventually(page, lambda: len(store.current()) == 1)
    (row,) = store.current().to_dict("records")
    table = read_table(tiled)
    assert (table.paths[list(table.ids).index(row["image"])], row["class"], row["how"]) == (
        "one/0.5um-128px/x64_y64.jpg",
        "stroma",
        "key",
    )
    expect(page.locator(".slide aside .body > .paint")).to_have_text("stroma, labelled")
    expect(page.locator(".slide .legend .line", has_text="stroma").locator(".count")).to_have_text("1")
    page.mouse.move(*pixel(page, 900, 700))
    assert np.abs(colour(page, 64, 64) - before).max() > 30  # the colour of the class lies over it

    for key, tile in (
        ("Right", "x192_y64"),
        ("Down", "x192_y192"),
        ("Left", "x64_y192"),
        ("Up", "x64_y64"),
        ("Right", "x192_y64"),
    ):
        page.keyboard.press(f"Arrow{key}")
        expect(page.locator(".slide aside .large img")).to_have_attribute("alt", f"one/0.5um-128px/{tile}.jpg")
    page.locator(".slide aside .scale").nth(1).click()
    expect(page.locator(".slide aside .large img")).to_have_attribute("alt", "one/1um-128px/x192_y64.jpg")
    page.locator(".slide aside .class", has_text="tumour").click()
    eventually(page, lambda: len(store.current()) == 2)
    expect(page.locator(".slide .saved")).to_have_attribute("data-open", "0")
    page.keyboard.press("Control+z")
    eventually(page, lambda: store.current()["class"].tolist() == ["stroma"])

    page.keyboard.press("1")
    eventually(page, lambda: len(store.current()) == 2)
    page.keyboard.press("Backspace")
    eventually(page, lambda: store.current()["class"].tolist() == ["stroma"])

    for back in ("-", "0"):
        page.keyboard.press("+")
        expect(page.locator(".slide .frame.zoomed")).to_be_visible()
        page.keyboard.press(back)
        expect(page.locator(".slide .frame.zoomed")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".slide .hint")).to_be_visible()


def test_a_folder_of_slides_is_looked_over_cut_and_seen(page: Page, dashboard: Dashboard, tmp_path: Path) -> None:
    folder = write_pyramid(tmp_path / "mine" / "one.tif").parent
    (folder / "broken.svs").write_bytes(b"II*\0nothing")
    page.goto(dashboard.url("slides"))
    page.get_by_label("Folder of slides").fill(str(folder))
    page.keyboard.press("Enter")
    expect(page.locator(".slides figure")).to_have_count(1)
    page.get_by_role("textbox", name="Scales").fill("0.5,1")
    page.keyboard.press("Enter")
    expect(page.locator(".slides .tiles")).to_have_text("8 tiles of 4 places")
    expect(page.get_by_text("1 file that will be left out")).to_be_visible()
    page.get_by_role("button", name="Cut tiles").click()
    page.locator(".slide[data-ready]").wait_for(timeout=90_000)
    expect(page.locator(".slide .legend .count")).to_have_text("4")
    expect(page.get_by_text("1 slide left out")).to_be_visible()
