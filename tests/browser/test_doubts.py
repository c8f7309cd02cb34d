"""Doubts in a real browser: a suspect settled by its key, a new class named, a lasso guarded, a verdict on Quality."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from tests.browser.conftest import Dashboard
from tests.browser.embedded import put_embedding
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

IMAGES = 90
STRAYS = (1, 4, 7)  # of the second group, which the map lays among the first
PATIENCE = 60_000  # milliseconds; the machine may be busy


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three groups in turn, labels of two of them by ana, one of them wrong; the map mixes up three images."""
    images = tmp_path / "squares"
    images.mkdir()
    for place in range(IMAGES):
        Image.new("RGB", (32, 32), (2 * place, 40 + place % 3 * 80, 120)).save(images / f"square_{place:03}.png")
    project = create_project(tmp_path / "project", images)
    prepare(project)
    table, group, rng = read_table(project), np.arange(IMAGES) % 3, np.random.default_rng(0)
    vectors = np.eye(8)[group] + rng.normal(scale=0.05, size=(IMAGES, 8))
    across = np.where(np.isin(np.arange(IMAGES), STRAYS), 0, group) * 50  # as wide as high
    put_embedding(project, "toy", vectors, np.stack([across, rng.permutation(IMAGES)], axis=1))
    store = LabelStore(project)
    for name in ("tumour", "stroma"):
        store.add_class(name, "ana")
    tumour, stroma = (one.id for one in store.classes())
    first, second = table.ids[group == 0][:15], table.ids[group == 1][:15]
    store.label([*first[:14], second[14]], tumour, "ana", "key")
    store.label([*second[:14], first[14]], stroma, "ana", "key")
    remember_project(project.root)
    return project


def open_screen(page: Page, dashboard: Dashboard, project: Project, screen: str) -> Visitor:
    visitor = Visitor(page, project.root)
    page.goto(f"{dashboard.url(screen, project.root)}&who=ana")
    expect(page.locator(".strip")).to_contain_text("30 labelled")
    return visitor


def test_a_suspect_is_settled_by_its_key_and_what_is_unlike_all_becomes_a_class(
    page: Page, dashboard: Dashboard, project: Project
) -> None:
    visitor = open_screen(page, dashboard, project, "quality")
    visitor.says(re.compile("20 more labels will likely add"))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()

    visitor.go("Review")
    page.get_by_text("Suspects", exact=True).click()
    visitor.says(re.compile("2 of 30 labels are contradicted"))
    tiles = page.locator(".tile:visible")
    expect(tiles).to_have_count(2)
    tiles.first.click()
    page.keyboard.press("1")
    visitor.says(re.compile("1 of 30 labels is contradicted"))
    assert len(LabelStore(project).confirmed()) == 1

    page.get_by_text("None of these", exact=True).click()
    visitor.says(re.compile("unlike every labelled one"))
    tiles.first.click()
    name = page.get_by_label("Name of the new class")
    name.fill("mitosis")
    name.press("Enter")
    visitor.click(re.compile("^.*Label 1 image as this class"))
    expect(page.locator(".strip")).to_contain_text("31 labelled")
    assert [one.name for one in LabelStore(project).classes()] == ["tumour", "stroma", "mitosis"]


def test_a_lasso_says_what_does_not_belong_and_can_let_go_of_it(
    page: Page, dashboard: Dashboard, project: Project
) -> None:
    visitor = open_screen(page, dashboard, project, "explore")
    box = page.locator(".map[data-ready]").bounding_box()
    assert box
    page.locator(".map").first.focus()
    page.keyboard.press("b")
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] - 6, steps=6)
    page.mouse.up()
    visitor.says("30 of 33 belong together; 3 do not: shown first")
    visitor.click("Keep the 30")
    expect(page.get_by_text("belong together")).to_have_count(0)
