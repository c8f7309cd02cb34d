"""Several people on one project: they see each other's labels, hear of contradictions, and pass on what they see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine import files
from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.jobs import MapRequest
from engine.jobs.process import claim, identify
from engine.jobs.record import Record, write_record
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from engine.run_folder import RunFolder
from tests.browser.conftest import SIZE, Dashboard
from tests.browser.embedded import put_embedding
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

IMAGES = 60
SOON = 15_000  # milliseconds in which news must be seen without anybody doing anything; the machine may be busy
PATIENCE = 60_000
NOWHERE = Path()  # no pictures are taken here


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Squares in three groups, on a map, with the classes tumour (key 1) and stroma (2)."""
    images = tmp_path_factory.mktemp("together") / "squares"
    images.mkdir()
    for place in range(IMAGES):
        Image.new("RGB", (32, 32), (4 * place, 40 + place % 3 * 80, 120)).save(images / f"square_{place:03}.png")
    project = create_project(images.parent / "project", images)
    prepare(project)
    rng = np.random.default_rng(0)
    vectors = np.eye(8)[np.arange(IMAGES) % 3] + rng.normal(scale=0.05, size=(IMAGES, 8))
    put_embedding(project, "toy", vectors, rng.uniform(0, 60, size=(IMAGES, 2)))
    for name in ("tumour", "stroma"):
        LabelStore(project).add_class(name, "ana")
    remember_project(project.root)
    return project


@pytest.fixture
def context(browser: Browser, server: Dashboard) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of different people, `width` pixels wide."""
    made: list[BrowserContext] = []

    def make(width: int = SIZE["width"]) -> BrowserContext:
        made.append(
            browser.new_context(viewport={**SIZE, "width": width}, permissions=["clipboard-read", "clipboard-write"])
        )
        made[-1].set_default_timeout(PATIENCE)
        return made[-1]

    yield make
    for one in made:
        one.close()


def visit(context: BrowserContext, address: str) -> Page:
    """Open an address and wait until it is drawn."""
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".strip")).to_be_visible(timeout=PATIENCE)
    Visitor(page, NOWHERE).settle()
    return page


def on_stage(page: Page) -> str:
    """Path of the image that the Label screen shows, once it shows one."""
    path = page.locator(".stage .path")
    expect(path).not_to_be_empty(timeout=PATIENCE)
    return path.inner_text()


def in_address(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def test_an_idle_tab_shows_what_another_process_labelled_and_keeps_what_is_being_typed(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project
) -> None:
    page = visit(context(), f"{server.url('label', project.root)}&who=ana")
    shown = on_stage(page)
    page.locator(".stage .new").type("half a na")
    image = next(one for one, path in zip(*_ids_and_paths(project), strict=True) if path == shown)
    LabelStore(project).label([image], 1, "ben", "key")
    expect(page.locator(".strip")).to_contain_text("1 labelled", timeout=SOON)
    expect(page.locator(".stage .new")).to_have_value("half a na")
    expect(page.locator(".stage .path")).to_have_text(shown)  # the image under one's eyes stays, whoever labels it


def test_an_idle_tab_shows_a_job_that_began_elsewhere_until_it_has_ended(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project
) -> None:
    page = visit(context(), f"{server.url('help', project.root)}&who=ana")
    job = page.locator(".strip .job")
    expect(job).to_have_count(0)
    folder = RunFolder.of(project, "map-1")
    folder.root.mkdir(parents=True)
    asked = {**MapRequest("toy").as_json(), "title": "Map of toy", "created": "2026-01-01T00:00:00+00:00"}
    files.write_json(folder.request, asked)
    claim(folder, identify())  # this process, which lives, stands for the worker
    write_record(folder, Record("running", queued=0.0, updated=time.time()))
    expect(job).to_contain_text("Map of toy", timeout=SOON)
    write_record(folder, Record("done", queued=0.0))
    expect(job).to_have_count(0, timeout=SOON)


def test_a_tab_where_nothing_is_new_does_not_run_again(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project
) -> None:
    page = visit(context(), f"{server.url('help', project.root)}&who=ana")
    page.evaluate(
        """() => { window.runs = 0; new MutationObserver(() => window.runs++).observe(
            document.querySelector(".stApp"), {attributeFilter: ["data-test-script-state"]}); }"""
    )
    with page.expect_response(re.compile("/handful/version/")):
        pass
    with page.expect_response(re.compile("/handful/version/")) as second:
        pass
    assert second.value.json() == {"version": str(LabelStore(project).version())}
    assert page.evaluate("window.runs") == 0


def test_whoever_is_contradicted_and_whoever_contradicts_hear_of_it_and_both_labels_stay(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project
) -> None:
    ana = visit(context(), f"{server.url('quality', project.root)}&who=ana")
    ben = visit(context(), f"{server.url('label', project.root)}&who=ben")
    ids, paths = _ids_and_paths(project)
    shown = on_stage(ben)
    image = ids[paths.index(shown)]
    LabelStore(project).label([image], 1, "ana", "key")
    expect(ben.locator(".strip")).to_contain_text("2 labelled", timeout=SOON)
    ben.keyboard.press("2")
    toast = ben.get_by_test_id("stToast")
    expect(toast).to_contain_text(f"ana labelled {shown} “tumour” just now; your “stroma” counts now", timeout=SOON)
    expect(ana.get_by_test_id("stToast")).to_contain_text(f"ben calls {shown} “stroma”", timeout=SOON)
    store = LabelStore(project)
    assert store.ratings().query("image == @image")[["who", "class"]].to_numpy().tolist() == [
        ["ana", "tumour"],
        ["ben", "stroma"],
    ]


def test_a_copied_link_restores_what_was_seen_but_not_who_saw_it(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project
) -> None:
    page = visit(context(), f"{server.url('explore', project.root)}&who=ana")
    visitor = Visitor(page, NOWHERE)
    expect(visitor.map).to_be_visible()
    visitor.lasso(0.2, 0.2, 0.8, 0.8)
    said = re.compile(r"\d+ images?\b")
    title = page.locator(".grid .title")
    expect(title).to_have_text(said)
    page.get_by_role("combobox", name="Colour by").click()
    page.get_by_role("option", name="Label", exact=True).click()
    visitor.settle()
    assert in_address(page, "selection")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "ana" not in link.replace(str(project.root), "")
    other = visit(context(), link)
    expect(other.locator(".grid .title")).to_have_text(title.inner_text())
    expect(other.get_by_role("combobox", name="Colour by")).to_have_value("Label")
    expect(other.get_by_role("button", name="ana")).to_have_count(0)


def test_the_name_is_asked_once_a_browser_and_changed_from_the_strip(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project
) -> None:
    browser = context()
    first = visit(browser, server.url("label", project.root))
    Visitor(first, NOWHERE).sign("Dr Ann Lee")
    again = visit(browser, server.url("label", project.root))
    expect(again.get_by_text("Who is labelling?")).to_have_count(0)
    again.get_by_role("button", name="Dr Ann Lee").click()
    field = again.get_by_label("Labels are signed")
    field.fill("Bo")
    field.press("Enter")
    expect(again.get_by_role("button", name="Bo", exact=True)).to_be_visible()
    expect(visit(browser, server.url("quality", project.root)).get_by_role("button", name="Bo")).to_be_visible()


@pytest.mark.parametrize("width", [1400, 1000])
def test_the_strip_stays_in_view_and_of_one_height_when_a_job_comes(
    context: Callable[..., BrowserContext], server: Dashboard, project: Project, width: int
) -> None:
    page = visit(context(width), f"{server.url('quality', project.root)}&who=Dr Annemarie von Vogelsang-Habsburg")
    strip = page.locator(".st-key-strip")
    before = strip.bounding_box()
    page.evaluate(  # the strip as the server draws it while a job runs, with more than has room
        """() => document.querySelector(".strip").insertAdjacentHTML("beforeend",
            `<span class="item job"><span class="pulse"></span><b class="name">Training SimCLR on a rather long name</b>
            <span class="track"></span><span class="quiet">40%<span class="wide">· about 3 min left</span></span>`)"""
    )
    assert strip.bounding_box() == before
    inside = page.locator(".strip .job").bounding_box()
    line = page.locator(".strip").bounding_box()
    assert inside and line
    assert inside["x"] + inside["width"] <= line["x"] + line["width"] + 1
    page.mouse.move(700, 400)
    page.mouse.wheel(0, 400)
    expect(strip).to_be_in_viewport()


def _ids_and_paths(project: Project) -> tuple[list[str], list[str]]:
    table = read_table(project)
    return table.ids.tolist(), table.paths.tolist()
