"""Labelling in a real browser: no key is lost, whatever the speed, a refresh, a killed server or a second person."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from engine.embeddings import save_embedding
from engine.geometry.neighbours import build_neighbours
from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from tests.browser.conftest import Dashboard

pytestmark = pytest.mark.browser

IMAGES = 150
CLASSES = ("tumour", "stroma", "fat")  # with the keys 1, 2 and 3
PATIENCE = 60_000  # milliseconds; the machine may be busy


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Plain squares whose embedding has three groups, and three classes."""
    images = tmp_path / "squares"
    images.mkdir()
    for place in range(IMAGES):
        Image.new("RGB", (32, 32), (place, 40 + place % 3 * 80, 120)).save(images / f"square_{place:03}.png")
    project = create_project(tmp_path / "project", images)
    prepare(project)
    table = read_table(project)
    group = np.arange(IMAGES) % len(CLASSES)
    vectors = np.eye(8)[group] + np.random.default_rng(0).normal(scale=0.05, size=(IMAGES, 8))
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00"}
    save_embedding(project, "toy", vectors.astype(np.float32), list(table.ids), about)
    build_neighbours(project, "toy")
    for name in CLASSES:
        LabelStore(project).add_class(name, "ana")
    remember_project(project.root)
    return project


@pytest.fixture
def open_label(dashboard: Dashboard, project: Project) -> Callable[..., Locator]:
    """open_label(page, "ana") opens the Label screen as ana and returns the stage."""

    def open_screen(page: Page, who: str) -> Locator:
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.goto(f"{dashboard.url('label', project.root)}&who={who}")
        stage = page.locator(".stage")
        expect(stage.locator(".path")).not_to_be_empty()
        return stage

    return open_screen


def given(project: Project) -> dict[str, str]:
    """What the log says: class by path."""
    current = LabelStore(project).current()
    table = read_table(project)
    paths = table.paths[table.rows(list(current["image"]))]
    return dict(zip(paths.tolist(), current["class"], strict=True))


def press(stage: Locator, key: str) -> str:
    """Press a key once another image is shown than the last one labelled; returns the image it was about."""
    path = stage.locator(".path").inner_text()
    stage.page.keyboard.press(key)
    expect(stage.locator(".path")).not_to_have_text(path)
    return path


def saved(stage: Locator) -> None:
    expect(stage.locator(".saved")).to_have_attribute("data-open", "0")


def test_sixty_keys_at_ten_a_second_are_all_in_the_log(
    page: Page, open_label: Callable[..., Locator], project: Project
) -> None:
    stage = open_label(page, "ana")
    page.get_by_label("Images a batch").click()
    page.get_by_role("option", name="100 at a time").click()
    expect(stage.locator(".shot")).to_have_count(100)
    stage.locator(".path").evaluate(
        """(path) => {
          window.pressed = [];
          addEventListener("keydown", (event) => window.pressed.push([path.textContent, event.key]), true);
        }"""
    )
    began = time.monotonic()
    for turn in range(60):
        page.keyboard.press(str(turn % 3 + 1))
        time.sleep(max(0.0, began + (turn + 1) / 10 - time.monotonic()))
    saved(stage)
    pressed = page.evaluate("window.pressed")
    assert len({path for path, _ in pressed}) == 60
    assert given(project) == {path: CLASSES[int(key) - 1] for path, key in pressed}


def test_an_undo_after_the_server_was_killed_takes_back_the_last_label(
    page: Page, open_label: Callable[..., Locator], project: Project, dashboard: Dashboard
) -> None:
    stage = open_label(page, "ana")
    first, second = press(stage, "1"), press(stage, "2")
    saved(stage)
    dashboard.kill()
    dashboard.start()
    stage = open_label(page, "ana")
    assert given(project) == {first: "tumour", second: "stroma"}
    page.keyboard.press("Control+z")
    saved(stage)
    assert given(project) == {first: "tumour"}


def test_labels_given_while_the_server_is_down_arrive_when_it_is_back(
    page: Page, open_label: Callable[..., Locator], project: Project, dashboard: Dashboard
) -> None:
    stage = open_label(page, "ana")
    first = press(stage, "1")
    saved(stage)
    dashboard.kill()
    second, third = press(stage, "2"), press(stage, "3")
    dashboard.start()
    saved(stage)
    assert given(project) == {first: "tumour", second: "stroma", third: "fat"}


def test_a_refresh_in_the_middle_of_typing_writes_every_label_once(
    page: Page, open_label: Callable[..., Locator], project: Project
) -> None:
    stage = open_label(page, "ana")
    paths = [press(stage, "1") for _ in range(6)]
    page.reload()
    saved(page.locator(".stage"))
    assert given(project) == dict.fromkeys(paths, "tumour")
    assert len(LabelStore(project).history(100)) == len(CLASSES) + len(paths)


def test_two_people_see_each_others_labels_and_undo_only_their_own(
    new_page: Callable[..., Page], open_label: Callable[..., Locator], project: Project
) -> None:
    ana, ben = open_label(new_page(), "ana"), open_label(new_page(), "ben")
    by_ana = press(ana, "1")
    saved(ana)
    ben.page.keyboard.press("ArrowRight")  # ben is at another image than ana was
    by_ben = press(ben, "2")
    saved(ben)
    expect(ben.page.locator(".strip")).to_contain_text("2 labelled")
    ana.page.keyboard.press("Control+z")
    saved(ana)
    assert given(project) == {by_ben: "stroma"} != {by_ana: "stroma"}


def test_a_label_whose_class_somebody_deleted_goes_back_to_its_image_and_says_why(
    page: Page, open_label: Callable[..., Locator], project: Project
) -> None:
    stage, store = open_label(page, "ana"), LabelStore(project)
    store.delete_class(store.class_named("fat").id, "ben")  # ana's page does not know yet
    path = press(stage, "3")
    expect(stage.locator(".saved.problem")).to_contain_text("exists no longer")
    expect(stage.locator(".path")).to_have_text(path)
    press(stage, "1")
    saved(stage)
    assert given(project) == {path: "tumour"}


def test_an_image_whose_file_is_gone_says_so_and_can_be_skipped(
    page: Page, open_label: Callable[..., Locator], project: Project
) -> None:
    page.route("**/handful/image/**", lambda route: route.fulfill(status=404))
    stage = open_label(page, "ana")
    expect(stage.locator(".empty")).to_contain_text("cannot be shown")
    expect(stage.locator(".picture")).to_be_hidden()
    page.unroute("**/handful/image/**")
    press(stage, "u")
    expect(stage.locator(".empty")).to_be_empty()
    expect(stage.locator(".picture")).to_be_visible()


def test_arrows_look_at_other_images_and_back_and_a_question_mark_shows_the_keys(
    page: Page, open_label: Callable[..., Locator]
) -> None:
    stage = open_label(page, "ana")
    first = stage.locator(".path").inner_text()
    press(stage, "ArrowRight")
    press(stage, "ArrowLeft")
    expect(stage.locator(".path")).to_have_text(first)
    for shown in (True, False):
        page.keyboard.press("?")
        expect(stage.locator(".keys")).to_be_visible(visible=shown)


def test_slash_finds_a_class_by_its_name(page: Page, open_label: Callable[..., Locator], project: Project) -> None:
    stage = open_label(page, "ana")
    path = stage.locator(".path").inner_text()
    page.keyboard.press("/")
    page.keyboard.type("str")
    page.keyboard.press("Enter")
    expect(stage.locator(".path")).not_to_have_text(path)
    saved(stage)
    assert given(project) == {path: "stroma"}


def test_x_compares_with_examples_of_each_class_and_shift_x_with_more(
    page: Page, open_label: Callable[..., Locator], project: Project
) -> None:
    stage = open_label(page, "ana")
    for key in "1122":
        press(stage, key)
    saved(stage)
    page.keyboard.press("x")
    columns, example = stage.locator(".compare .column"), ".example:not(.none)"
    expect(columns).to_have_count(len(CLASSES))
    expect(stage.locator(f".compare {example}")).to_have_count(2)  # of fat there is none yet
    expect(columns.nth(2).locator(".none")).to_be_visible()
    page.keyboard.press("Shift+X")
    expect(columns.nth(0).locator(example)).to_have_count(2)
    picture, strip = stage.locator(".picture").bounding_box(), stage.locator(".compare").bounding_box()
    assert picture and strip and picture["y"] + picture["height"] <= strip["y"] + 1  # nothing of the image is hidden
    times = min(picture["width"], picture["height"]) / 32  # the squares' side, pixels
    expect(stage.locator(".size")).to_contain_text(f"shown {times:.1f}×" if times < 10 else f"shown {times:.0f}×")
    path = press(stage, "3")
    saved(stage)
    expect(columns.nth(2).locator(example)).to_have_count(1)
    assert given(project)[path] == "fat"
    page.keyboard.press("x")
    expect(stage.locator(".compare")).to_be_hidden()
