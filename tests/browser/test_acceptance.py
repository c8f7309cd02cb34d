"""Audit and accept in a real browser: draw, label every drawn image by key, accept with a bound, undo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from engine.accept import latest_audit
from engine.embeddings import save_embedding
from engine.geometry.neighbours import build_neighbours
from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from tests.browser.conftest import Dashboard

pytestmark = pytest.mark.browser

IMAGES = 90
CLASSES = ("tumour", "stroma")  # with the keys 1 and 2; images take turns
PATIENCE = 60_000  # milliseconds; the machine may be busy


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Plain squares of two kinds, told apart by their embedding, two of each labelled."""
    images = tmp_path / "squares"
    images.mkdir()
    for place in range(IMAGES):
        Image.new("RGB", (32, 32), (place, 40 + place % 2 * 120, 120)).save(images / f"square_{place:03}.png")
    project = create_project(tmp_path / "project", images)
    prepare(project)
    table = read_table(project)
    noise = np.random.default_rng(0).normal(scale=0.05, size=(IMAGES, 8))
    vectors = (np.eye(8)[np.arange(IMAGES) % 2] + noise).astype(np.float32)
    save_embedding(project, "toy", vectors, list(table.ids), {"images": table.fingerprint, "created": "2026-01-01"})
    build_neighbours(project, "toy")
    store = LabelStore(project)
    for code, name in enumerate(CLASSES):
        store.label(list(table.ids[[code, code + 2]]), store.add_class(name, "ana").id, "ana", "key")
    remember_project(project.root)
    return project


def test_a_person_draws_an_audit_labels_it_by_key_and_accepts_the_rest(
    page: Page, dashboard: Dashboard, project: Project
) -> None:
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{dashboard.url('review', project.root)}&who=ana")
    page.get_by_text("Audit and accept").first.click()
    share = page.get_by_test_id("stSlider").filter(has_text="share of wrong answers").locator("input")
    share.focus()
    share.press("ArrowRight")
    share.press("ArrowRight")  # 5 % → 10 % → 20 %
    page.get_by_role("button", name="Draw 14 images").click()
    expect(page.get_by_text("0 of 14")).to_be_visible()
    table = read_table(project)
    audit = latest_audit(project)
    expect(page.locator(".tile")).to_have_count(14)
    for row in table.rows(audit.images):
        page.keyboard.press(str(row % 2 + 1))  # labels the image in focus and goes on to the next
    expect(page.get_by_text("14 of 14")).to_be_visible()
    page.get_by_role("button", name="Accept 72 answers").click()
    expect(page.get_by_role("button", name="All accepted")).to_be_visible()
    accepted = LabelStore(project).current()["how"] == "accepted"
    assert accepted.sum() == IMAGES - 4 - 14
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Accept 72 answers")).to_be_visible()
    assert not (LabelStore(project).current()["how"] == "accepted").any()
