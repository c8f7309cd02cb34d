"""Every screen in a real browser with the network cut: light and dark, wide and narrow, and heard by a screen reader.

One walk for each theme through the menu notes what it meets; each test looks at one kind of note.
axe-core runs whole in light; in dark, where only colours differ, its rule of contrast alone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Error, Page, Route, expect

from engine.home import remember_project
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, open_project
from tests.browser.conftest import ROOT, SIZE, Dashboard
from tests.browser.embedded import put_embedding
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SCREENS = ROOT / "dashboard" / "screens"
NARROW = {"width": 1000, "height": 700}
ELSEWHERE = re.compile(r"^(?:https?|wss?)://(?!127\.0\.0\.1[:/])")
PROBING = re.compile(r"/_stcore/(?:health|host-config)$")  # Streamlit's own, a 404 each: see ARCHITECTURE, Known limits
SERIOUS = ("serious", "critical")
MENU = "[data-testid=stSidebar]"
STREAMLITS_OWN = {  # rule → what of Streamlit breaks it, out of our hands
    "list": "[data-testid=stSidebarNavItems]",  # the groups of the menu are plain boxes between list and items
    "listitem": "[data-testid=stSidebarNavItems] *",
}
RUN_AXE = """async ([rules, excused, serious, seen]) => {
    const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
    const found = await axe.run({exclude: seen}, {...only, resultTypes: ["violations"], elementRef: true});
    return found.violations.filter(one => serious.includes(one.impact)).flatMap(one => one.nodes
        .filter(node => !(one.id in excused && node.element?.matches(excused[one.id])))
        .map(node => `${one.id}: ${node.target.join(" ")}: ${node.html.slice(0, 300)}: ${node.failureSummary}`));
}"""
FITS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
    .every(one => one.scrollWidth <= one.clientWidth)"""
SMALL_PRINT = {"Explore": ".grid .status", "Review": ".rail .counts"}  # screen → what must stand in one line, whole
LINE = 22  # pixels, the height of a line of it at most
CUT = """(all, line) => all.filter(one => one.scrollWidth > one.clientWidth || one.offsetHeight > line)
    .map(one => one.textContent)"""
WHOLE = {
    "Explore": ".map",
    "Label": ".stage",
    "Review": ".grid",
}  # screen → what ends where the window does, so that nothing scrolls
FILLS = """name => {
    const { clientHeight, scrollHeight } = document.querySelector("[data-testid=stMain]");
    const hosts = [...document.querySelectorAll("[class*=st-key-window-] [data-testid=stBidiComponentIsolated]")];
    const found = hosts.map(one => one.shadowRoot.querySelector(name)).filter(Boolean);
    const ends = found.map(one => innerHeight - one.getBoundingClientRect().bottom);
    return scrollHeight <= clientHeight && ends.length && ends.every(left => left >= 0 && left < 32);
}"""
DRAWN = {  # screen → what its scripts draw, from this machine alone
    "Explore": ".map[data-ready]",
    "Label": ".film .shot",
    "Quality": ".js-plotly-plot",
}


@dataclass
class Walk:
    """What a walk through all screens met; each note begins with the screen."""

    screens: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # of the console and of scripts
    outside: list[str] = field(default_factory=list)  # addresses on other machines
    traces: list[str] = field(default_factory=list)
    overflows: list[str] = field(default_factory=list)
    scrolling: list[str] = field(default_factory=list)  # what should end where the window does
    cut: list[str] = field(default_factory=list)  # small print that wraps or ends in dots
    violations: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def labelled(prepared_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three classes of eight labels, in an embedding with neighbours and a map."""
    project = open_project(shutil.copytree(prepared_project.root, tmp_path_factory.mktemp("every") / "project"))
    table, store = read_table(project), LabelStore(project)
    group, rng = np.arange(len(table)) % 3, np.random.default_rng(0)
    vectors = np.eye(8)[group] + rng.normal(scale=0.4, size=(len(table), 8))
    put_embedding(project, "toy", vectors, vectors[:, :2])
    for place, name in enumerate(("gland", "stroma", "vessel")):
        store.label(list(table.ids[place:24:3]), store.add_class(name, "ann").id, "ann", "key")
    remember_project(project.root)
    return project


@pytest.fixture(scope="module", params=["light", "dark"])
def walk(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Dashboard,
    labelled: Project,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walk]:
    """Through all screens in one theme."""
    context = browser.new_context(viewport=SIZE, color_scheme=request.param)  # type: ignore[arg-type]
    page, walk = context.new_page(), Walk()
    listen(page, walk)
    page.goto(f"{server.url('project', labelled.root)}&who=ann")
    expect(page.locator(".strip")).to_contain_text("24 labelled")
    page.evaluate(AXE_SCRIPT)
    visitor = Visitor(page, tmp_path_factory.mktemp("pictures"))
    rules = [] if request.param == "light" else ["color-contrast"]
    for screen in page.get_by_test_id("stSidebarNavLink").all_inner_texts():
        title = screen.strip().splitlines()[-1]
        visitor.go(title)
        expect(page.locator(".strip")).to_contain_text("24 labelled")
        page.locator(DRAWN.get(title, "h1")).first.wait_for()
        look(page, walk, title, rules)
    yield walk
    context.close()


def listen(page: Page, walk: Walk) -> None:
    """Cut the network, and note errors and who wanted to leave."""

    def cut(route: Route) -> None:
        walk.outside.append(route.request.url)
        route.abort()

    def hear(kind: str, text: str, address: str) -> None:
        if kind == "error" and not ("404" in text and PROBING.search(address)):
            walk.errors.append(f"{page.url}: {text} {address}")

    page.context.route(ELSEWHERE, cut)
    page.on("websocket", lambda one: ELSEWHERE.match(one.url) and walk.outside.append(one.url))
    page.on("console", lambda one: hear(one.type, one.text, str(one.location.get("url", ""))))
    page.on("pageerror", lambda one: hear("error", str(one), ""))


def look(page: Page, walk: Walk, screen: str, rules: list[str]) -> None:
    """Note what is wrong with the screen, wide and narrow."""
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    seen = [MENU] if walk.screens else []  # the same on every screen: once is enough
    found = page.evaluate(RUN_AXE, [rules, STREAMLITS_OWN, SERIOUS, seen])
    walk.violations += [f"{screen}: {one}" for one in found]
    walk.screens.append(urlsplit(page.url).path.strip("/"))
    for size in (SIZE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        try:
            page.wait_for_function(FITS, timeout=5000)  # tables and plots follow the window a moment later
        except Error:
            walk.overflows.append(f"{screen} at {size['width']}")
        if screen in WHOLE:
            try:
                page.wait_for_function(FILLS, arg=WHOLE[screen], timeout=5000)
            except Error:
                walk.scrolling.append(f"{screen} at {size['width']}")
        if screen in SMALL_PRINT:
            walk.cut += [f"{screen} at {size['width']}: {one}" for one in cut_short(page, SMALL_PRINT[screen])]
    if page.get_by_test_id("stException").count() or page.get_by_text("Traceback").count():
        walk.traces.append(screen)


def cut_short(page: Page, small_print: str) -> list[str]:
    """What of it wraps or is cut, once it has followed the window."""
    page.locator(small_print).first.wait_for()
    for _ in range(30):
        if not page.locator(small_print).evaluate_all(CUT, LINE):
            return []
        page.wait_for_timeout(100)
    found: list[str] = page.locator(small_print).evaluate_all(CUT, LINE)
    return found


def test_the_walk_notices_errors_and_who_reaches_outside(page: Page) -> None:
    walk = Walk()
    listen(page, walk)
    page.set_content('<img src="https://example.org/pixel.png"><script>undefined.word</script>')
    assert walk.outside == ["https://example.org/pixel.png"]
    assert any("word" in error for error in walk.errors)


def test_every_screen_is_visited(walk: Walk) -> None:
    assert set(walk.screens) == {one.stem for one in SCREENS.glob("*.py")} - {"project"} | {""}


def test_no_screen_has_an_error_in_the_console(walk: Walk) -> None:
    assert walk.errors == []


def test_no_screen_shows_a_stack_trace(walk: Walk) -> None:
    assert walk.traces == []


def test_no_request_leaves_the_machine(walk: Walk) -> None:
    assert walk.outside == []


def test_no_screen_is_wider_than_the_window(walk: Walk) -> None:
    assert walk.overflows == []


def test_map_and_grid_end_where_the_window_does(walk: Walk) -> None:
    assert walk.scrolling == []


def test_no_screen_cuts_its_small_print(walk: Walk) -> None:
    assert walk.cut == []


def test_no_screen_breaks_a_serious_rule_of_accessibility(walk: Walk) -> None:
    assert walk.violations == [], "\n\n".join(walk.violations)
