"""The map and the grid in a real browser: what is drawn, selected, labelled, and told to Python."""

from __future__ import annotations

import io
import json
import math
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from engine.embeddings import save_embedding
from engine.files import write_array, write_json
from engine.home import remember_project
from engine.images.table import read_table
from engine.project import Project, open_project
from tests.browser.conftest import Dashboard, free_port

pytestmark = pytest.mark.browser

ACROSS, DOWN = 10, 6  # the 60 images lie on a lattice: image r at x = r % 10, y = r // 10
MARGIN = 28  # pixels around the points, camera.js


@pytest.fixture(scope="module")
def lattice(prepared_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose map is a lattice."""
    project = open_project(shutil.copytree(prepared_project.root, tmp_path_factory.mktemp("lattice") / "project"))
    ids = list(read_table(project).ids)
    embedding = save_embedding(
        project,
        "some",
        np.eye(len(ids), 4, dtype=np.float32),
        ids,
        {"images": read_table(project).fingerprint, "created": "2026-01-01"},
    )
    rows = np.arange(len(ids))
    folder = project.map_folder("some", "umap")
    write_array(folder / "points.npy", np.stack([rows % ACROSS, rows // ACROSS], axis=1).astype(np.float32))
    write_json(folder / "about.json", {"embedding": embedding.fingerprint})
    remember_project(project.root)
    return project


@pytest.fixture(scope="module")
def server(lattice: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder = tmp_path_factory.mktemp("server")
    variables = {"COMPONENT_PROJECT": str(lattice.root), "COMPONENT_LOG": str(folder / "events.jsonl")}
    server = Dashboard(free_port(), folder / "server.log", "tests/browser/component_server.py", variables)
    server.start()
    yield server
    assert server.process
    server.process.terminate()
    server.process.wait(timeout=20)


@pytest.fixture
def events(server: Dashboard) -> Callable[[], list[dict[str, Any]]]:
    """What Python has been told since the test began."""
    log = Path(server.environment["COMPONENT_LOG"])
    log.write_text("")
    return lambda: [json.loads(line) for line in log.read_text().splitlines()]


@pytest.fixture
def show(page: Page, server: Dashboard) -> Callable[..., Locator]:
    """show("map") or show("grid", rows=1000) opens the component and waits until it is drawn."""

    def open_page(what: str, **options: object) -> Locator:
        query = "&".join(f"{name}={value}" for name, value in {"show": what, **options}.items())
        page.goto(f"{server.address}/?{query}")
        ready = {"map": ".map[data-ready]", "grid": ".frame.loaded"}[what]
        page.locator(ready).first.wait_for()
        return page.locator(f".{what}")

    return open_page


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
    scale = min((width - 2 * MARGIN) / (ACROSS - 1), (height - 2 * MARGIN) / (DOWN - 1))
    centre_x, centre_y = (ACROSS - 1) / 2, (DOWN - 1) / 2
    return box["x"] + 1 + width / 2 + (x - centre_x) * scale, box["y"] + 1 + height / 2 - (y - centre_y) * scale


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


# --- the map -------------------------------------------------------------------------------------------------------


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


def test_what_the_legend_hides_is_not_selected(
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]]
) -> None:
    area = show("map")
    area.get_by_role("button", name="odd").click()
    area.focus()
    page.keyboard.press("b")
    drag(page, area, (-0.25, -0.25), (3.5, 0.5))
    come_to(page, lambda: [event["rows"] for event in events()][-1:], [[0, 2]])


def test_a_double_click_in_the_legend_shows_one_value_alone_and_again_all(
    page: Page, show: Callable[..., Locator]
) -> None:
    area = show("map")
    lines = area.locator(".legend .line")
    lines.nth(0).dblclick()
    assert [lines.nth(place).get_attribute("aria-pressed") for place in (0, 1)] == ["true", "false"]
    lines.nth(0).dblclick()
    assert [lines.nth(place).get_attribute("aria-pressed") for place in (0, 1)] == ["true", "true"]


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


def test_names_are_written_where_most_points_of_a_colour_lie(page: Page, show: Callable[..., Locator]) -> None:
    area = show("map")
    area.focus()
    expect(area.locator(".names text")).to_have_count(0)
    page.keyboard.press("n")
    expect(area.locator(".names text")).not_to_have_count(0)
    assert set(area.locator(".names text").all_text_contents()) <= {"even", "odd"}
    page.keyboard.press("n")
    expect(area.locator(".names text")).to_have_count(0)


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


def test_without_webgl2_the_map_says_so(page: Page, server: Dashboard) -> None:
    page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind === "webgl2" ? null : real.call(this, kind, ...rest);
        };"""
    )
    page.goto(f"{server.address}/?show=map")
    expect(page.get_by_text("no WebGL2")).to_be_visible()


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


# --- the grid ------------------------------------------------------------------------------------------------------


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
    page: Page, show: Callable[..., Locator], events: Callable[[], list[dict[str, Any]]], server: Dashboard
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
