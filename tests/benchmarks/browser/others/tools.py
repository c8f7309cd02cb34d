"""How each tool is driven: where its map and grid are, when they are drawn, how one outlines and how one labels.

Each is met as by someone who knows it: its greetings are dismissed, and map and grid are reached by the fewest clicks.
Conditions are JavaScript with the apparatus's words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.benchmarks.browser.apparatus import STRIP, click, wait


@dataclass(frozen=True)
class Tool:
    """One tool that shows images as a map and as a grid, side by side."""

    name: str
    environment: str  # folder of its Python; "" for ours
    address: str  # of the page, after the server's
    doors: tuple[tuple[str, str], ...]  # to be clicked, as selectors and texts, until the map shows
    map: str  # selector
    map_drawn: str  # condition
    tile: str  # selector of what a thumbnail is drawn on
    tiles_drawn: str  # condition
    name_of_tile: str  # JavaScript: what is to be seen in `tile`
    amount: str  # JavaScript: how many images the grid is said to hold
    take_lasso: Callable[[Page], object]
    label: Callable[[Page, str], object]  # gives what is chosen a class of this name; returns once it is stored
    script: str = ""  # beside this file: makes and serves the dataset
    seen: dict[str, str] = field(default_factory=dict)  # what the page's storage says of dismissed greetings


def first_click(page: Page, selector: str, text: str = "") -> None:
    """Click such a thing as soon as it is there."""
    there = "deep(argument[0]).some((one) => seen(one) && one.textContent.trim().endsWith(argument[1]))"
    wait(page, there, [selector, text])
    click(page, selector, text)


def press_lasso_key(page: Page) -> None:
    page.locator(".map").focus()
    page.keyboard.press("l")


def press_class_key(page: Page, name: str) -> None:
    """Press the key of the first class and wait until the strip counts what it labelled."""
    before = page.evaluate(STRIP)
    page.locator(".map").focus()
    page.keyboard.press("1")
    wait(page, f"{STRIP} !== argument && settled()", before)


def tag_in_fiftyone(page: Page, name: str) -> None:
    """Tag all that the grid holds, and wait until the server answers that it is done."""
    page.locator("[data-cy=action-tag-sample-labels]").click()
    field = page.locator("[data-cy=sample-tag-input]")
    field.fill(name)
    field.press("Enter")
    with page.expect_response(lambda answer: answer.url.endswith("/tag") and answer.ok):
        page.get_by_text("Apply", exact=True).click()


def tag_in_lightly_studio(page: Page, name: str) -> None:
    """Select all that the grid holds, tag it, and wait until the server answers that it is done."""
    first_click(page, "[data-testid=select-all-button]")
    wait(page, "/\\d selected/.test(document.body.innerText)")
    field = page.get_by_placeholder("Assign tag to selection")
    field.fill(name)
    with page.expect_response(lambda answer: "/add/samples_by_filter" in answer.url and answer.ok):
        field.press("Enter")


HANDFUL = Tool(
    name="Handful",
    environment="",
    address="explore",
    doors=(),
    map=".map",
    map_drawn='settled() && deep(".map[data-ready]").length > 0',
    tile=".grid .tile img",
    tiles_drawn='settled() && drawn(".grid .tile img")',
    name_of_tile="tile.src",
    amount='deep(".grid .title")[0]?.textContent',
    take_lasso=press_lasso_key,
    label=press_class_key,
)
FIFTYONE = Tool(
    name="FiftyOne",
    environment="fiftyone",
    script="serve_fiftyone.py",
    address="datasets/images?workspace=explore",
    seen={"fiftyone-enterprise-tooltip-seen": "true"},
    doors=(("[data-cy=embeddings-runs-page] *", "Ready"),),
    map="canvas[data-engine]",
    map_drawn='deep(".emb-plot-counter").some((one) => one.textContent.includes("points"))',
    tile="[data-cy=looker] canvas",
    tiles_drawn='drawn("[data-cy=looker] canvas[canvas-loaded]") && !deep("[class*=_fallingPixels_]").some(seen)'
    ' && !deep("[data-cy=looker] canvas:not([canvas-loaded])").some(seen)',  # the pixels lie over it while it loads
    name_of_tile="(tile.madeNow ??= Math.random())",  # a canvas says nothing of what is drawn on it
    amount='document.querySelector("[data-cy=entry-counts]")?.textContent',
    take_lasso=lambda page: click(page, ".emb-mode-segment", "Select"),
    label=tag_in_fiftyone,
)
LIGHTLY_STUDIO = Tool(
    name="LightlyStudio",
    environment="lightly-studio",
    script="serve_lightly_studio.py",
    address="",
    seen={"lightly-studio:onboarding-invitation:v1": "shown"},
    doors=(("[data-testid=side-panel-tabs-embed]", ""),),
    map="[data-testid=plot-panel] canvas",
    map_drawn='drawn("[data-testid=plot-panel] canvas") && drawn("[data-testid=plot-legend]")',
    tile="[data-testid=sample-grid-item] img",
    tiles_drawn='drawn("[data-testid=sample-grid-item] img")',
    name_of_tile="tile.src",
    amount='deep("span").find((one) => one.textContent.startsWith("Showing"))?.textContent',
    take_lasso=lambda page: click(page, "[data-testid=plot-tool-lasso]"),
    label=tag_in_lightly_studio,
)
TOOLS = (HANDFUL, FIFTYONE, LIGHTLY_STUDIO)
