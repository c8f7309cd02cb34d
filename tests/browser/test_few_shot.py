"""The Few-shot demo in a real browser: episodes drawn, repeated by their address, methods compared."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.embeddings import save_embedding
from engine.geometry.neighbours import build_neighbours
from engine.home import remember_project
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from tests.browser.conftest import Dashboard
from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser


@pytest.fixture
def taught(project: Project) -> Project:
    """Three classes of twelve labels, in an embedding that tells them apart most of the time."""
    table, store = read_table(project), LabelStore(project)
    group, rng = np.arange(len(table)) % 3, np.random.default_rng(0)
    vectors = (np.eye(8)[group] + rng.normal(scale=0.6, size=(len(table), 8))).astype(np.float32)
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00"}
    save_embedding(project, "toy", vectors, list(table.ids), about)
    build_neighbours(project, "toy")
    for place, name in enumerate(("gland", "stroma", "vessel")):
        store.label(list(table.ids[place:36:3]), store.add_class(name, "ann").id, "ann", "key")
    remember_project(project.root)
    return project


def shown(page: Page) -> list[str]:
    """The files of all pictures of the episode, in order."""
    pictures: list[str] = page.locator(".episode img").evaluate_all("all => all.map(one => one.src)")
    return pictures


def test_an_episode_is_drawn_repeated_and_methods_compared(page: Page, dashboard: Dashboard, taught: Project) -> None:
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(dashboard.url("few_shot", taught.root))
    expect(page.locator(".episode .row")).to_have_count(3)
    expect(page.locator(".episode .given img")).to_have_count(3)
    page.wait_for_function("[...document.querySelectorAll('.episode img')].every(one => one.naturalWidth > 0)")
    right = page.locator(".episode figure.right").count()
    assert page.locator(".episode figure.wrong").count() + right == page.locator(".episode .asked figure").count()
    expect(page.locator(".fact b", has_text=f"{right} of ")).to_be_visible()
    expect(page.locator(".idea img")).to_have_js_property("complete", value=True)
    assert page.locator(".idea img").evaluate("one => one.naturalWidth") > 0
    first = shown(page)

    page.get_by_role("button", name="Draw the next episode").click()
    page.wait_for_url("**seed%3D2**")
    expect(page.locator("input[aria-label=Episode][value='2']")).to_be_visible()
    expect(page.get_by_label("Episode", exact=True)).to_have_count(1)  # the field of the draw before has gone
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    second = shown(page)
    assert second != first

    page.goto(page.url)  # as whoever is given the address
    expect(page.get_by_label("Episode", exact=True)).to_have_value("2")
    expect(page.locator(".episode .row")).to_have_count(3)
    assert shown(page) == second

    page.get_by_role("button", name="Play 600 episodes").click()
    expect(page.get_by_text("95% interval")).to_be_visible()
    expect(page.get_by_text("±").first).to_be_visible()
