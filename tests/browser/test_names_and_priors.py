"""Names become columns and columns a prior, in a real browser: proposed, typed, mended, joined, applied, used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.priors.choice import read_choice
from engine.project import ColumnSettings, Project, create_project, open_project
from tests.browser.conftest import Dashboard, free_port

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """One dashboard for all of these tests, as each looks at a project of its own."""
    server = Dashboard(free_port(), tmp_path_factory.mktemp("server") / "server.log")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def named(tmp_path: Path) -> Project:
    """Two sequences of eight frames, one stray file, none of it read from the names yet, and one label."""
    folder = tmp_path / "images"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in [*(f"mouse-{mouse}_t{frame:02}.png" for mouse in "ab" for frame in range(8)), "stray.png"]:
        Image.fromarray(rng.integers(0, 255, (24, 24, 3), np.uint8)).save(folder / name)
    project = create_project(tmp_path / "project", folder, columns=ColumnSettings(reader="none"))
    prepare(project)
    store = LabelStore(project)
    store.label([read_table(project).ids[0]], store.add_class("asleep", "ann").id, "ann", "click")
    remember_project(project.root)
    return project


def settings_of(project: Project) -> ColumnSettings:
    return open_project(project.root).columns


def columns_of(page: Page) -> Locator:
    return page.get_by_test_id("stButtonGroup").filter(has_text="sequence")


def test_a_pattern_is_proposed_changed_while_typing_and_applied_without_losing_a_label(
    page: Page, dashboard: Dashboard, named: Project
) -> None:
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(dashboard.url("data", named.root))
    page.get_by_text("What the file names say").click()
    page.locator("[data-testid=stRadio] label", has_text="mouse-{kind}_t{time:number}").click()
    expect(page.locator(".names tbody tr")).to_have_count(16)
    expect(page.locator(".names mark").first).to_have_text("a")
    page.get_by_text("1 not read").click()
    expect(page.locator(".names tbody th")).to_have_text(["stray.png"])

    field = page.get_by_role("textbox", name="Pattern")
    expect(field).to_have_value("mouse-{kind}_t{time:number}")
    field.fill("mouse-{sequence}_t{time:number")
    expect(page.get_by_text("has a “{” without its partner")).to_be_visible()
    expect(page.get_by_role("button", name="Use these columns")).to_be_disabled()
    field.press("End")
    field.press("}")  # no Enter: it is read while it is typed
    expect(page.locator(".names thead th")).to_have_text(["name", "sequence", "time"])

    page.get_by_role("button", name="Use these columns").click()
    expect(columns_of(page)).to_be_visible()
    assert settings_of(named).pattern == "mouse-{sequence}_t{time:number}"
    table = read_table(named)
    assert table.frame["sequence"].value_counts().to_dict() == {"a": 8, "b": 8, "": 1}
    assert LabelStore(named).current()["class"].tolist() == ["asleep"]


def test_a_table_says_what_did_not_match_and_gives_only_the_columns_that_are_wanted(
    page: Page, dashboard: Dashboard, named: Project, tmp_path: Path
) -> None:
    source = tmp_path / "about.csv"
    source.write_text("file,stain,note\nmouse-a_t00.png,HE,x\nimages/mouse-a_t01.png,PAS,y\ngone.png,HE,z\n")
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(dashboard.url("data", named.root))
    page.get_by_text("A table about the images").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(source)
    expect(page.locator(".fact", has_text="lines found their image").locator("b")).to_have_text("2 of 3")
    expect(page.get_by_role("tab", name="1 line without an image")).to_be_visible()
    expect(page.get_by_role("tab", name="15 images without a line")).to_be_visible()
    page.get_by_test_id("stButtonGroup").filter(has_text="stain").get_by_text("note").click()
    page.get_by_role("button", name="Join these columns").click()
    expect(page.get_by_text("distinct values")).to_be_visible()
    assert settings_of(named).csv_columns == ("stain",)
    assert Path(settings_of(named).csv).read_text() == source.read_text()  # kept in the project
    assert [name for name in read_table(named).metadata if name in {"stain", "note"}] == ["stain"]


def test_the_recommended_prior_says_why_and_is_taken_with_a_click(
    page: Page, dashboard: Dashboard, tmp_path: Path, named: Project
) -> None:
    timed = create_project(
        tmp_path / "timed", named.images, columns=ColumnSettings(pattern="mouse-{sequence}_t{time:number}")
    )
    prepare(timed)
    remember_project(timed.root)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(dashboard.url("prior", timed.root))
    card = page.locator(".st-key-recommended-prior")
    expect(card).to_contain_text("Temporal neighbour")
    expect(card).to_contain_text("94% of the images have such a partner")
    card.get_by_text("What your columns allow").click()
    expect(card.locator(".offers tbody tr")).to_have_count(1)
    expect(card.locator(".offers tbody td").first).to_have_text("94%")
    card.get_by_role("button", name="Use it").click()
    expect(card.get_by_role("button", name="In use")).to_be_disabled()
    expect(page.get_by_text("16 of 17 images have a partner")).to_be_visible()
    expect(page.get_by_text("Cost Next to nothing")).to_be_visible()
    expect(page.locator(".pairs figure").first).to_be_visible()
    assert [spec.name for spec in read_choice(timed)] == ["temporal_neighbour", "augmentation"]
