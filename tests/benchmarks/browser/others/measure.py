"""The same images on the same map in our Explore screen and in other tools, by the same browser.

Made: the tool's dataset of the folder, the vectors and the map's points, once; ours with thumbnails, measures of
quality, near duplicates and nearest neighbours, which the others do without. Open: from the navigation until map and a
first screenful of thumbnails are drawn, by a browser that knows nothing and by the fewest clicks, on a server that has
shown them before. Lasso: from letting go of the mouse, a third of the map outlined, until the grid says how many it
holds and what is in sight of it is drawn anew. Label: from the first click or key of giving a class or a tag to all
that was chosen until it is stored: our strip counts it, their server answers. The hand's own time is not counted.
Memory: of the server's processes after that. Each visit outlines another third, the first to warm up.
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.benchmarks.browser.apparatus import WORDS, new_page, wait, watch
from tests.benchmarks.browser.others.serving import Served, python_of, serving
from tests.benchmarks.browser.others.tools import TOOLS, Tool, first_click
from tests.benchmarks.browser.synthetic import Material, material

PARTS = 3  # of the map, of which one is outlined
MARGIN = 6  # pixels from the map's edge that an outline keeps
CORNERS = 24  # of an outline
PATIENCE = 180_000  # milliseconds after which a tool gave no answer
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def measure_exploring(browser: Browser, cache: Path, environments: Path, count: int, repeats: int) -> dict[str, Any]:
    """Facts by tool, ours first; None where a tool is not installed or gave no answer."""
    given = material(cache, count)
    return {tool.name: attempt(browser, cache, environments, given, tool, repeats) for tool in TOOLS}


def attempt(
    browser: Browser, cache: Path, environments: Path, given: Material, tool: Tool, repeats: int
) -> dict[str, Any] | None:
    if tool.environment and not python_of(tool, environments).exists():
        return None
    with serving(tool, given, cache, environments) as served:
        try:
            visits = [visit(browser, served, tool, turn) for turn in range(min(repeats, PARTS) + 1)][1:]
        except Error as problem:  # it took longer than anybody waits
            print(f"{tool.name}: {problem}", file=sys.stderr, flush=True)
            return None
        return {
            "version": served.version,
            "made": round(served.made, 1),
            **{fact: round(median(one[fact] for one in visits), 2) for fact in ("open", "lasso", "label")},
            "clicks": len(tool.doors),
            "chosen": [round(one["chosen"]) for one in visits],
            "memory_mb": round(served.memory()),
        }


def visit(browser: Browser, served: Served, tool: Tool, turn: int) -> dict[str, float]:
    """Open, outline, label: seconds of each, and how many images were chosen; a picture after each lies by its data."""
    with new_page(browser) as page:
        page.set_default_timeout(PATIENCE)
        page.add_init_script(f"Object.assign(localStorage, {json.dumps(tool.seen)})")
        with watch() as seconds:
            enter(page, served, tool)
        found = {"open": seconds()}
        page.screenshot(path=served.folder / "open.png")
        found["lasso"] = outline(page, tool, turn)
        page.screenshot(path=served.folder / "lasso.png")
        found["chosen"] = amount(page, tool)
        if turn:  # the last outlines the first's part again, which must not be labelled then
            with watch() as seconds:
                tool.label(page, f"part {turn}")
            found["label"] = seconds()
        page.screenshot(path=served.folder / "label.png")
        return found


def enter(page: Page, served: Served, tool: Tool) -> None:
    """Go to map and grid, and wait until both are painted."""
    page.goto(served.address, wait_until="commit")
    for selector, text in tool.doors:
        first_click(page, selector, text)
    wait(page, f"({tool.map_drawn}) && ({tool.tiles_drawn})")
    page.evaluate(PAINTED)


def outline(page: Page, tool: Tool, turn: int) -> float:
    """Take the lasso and draw it around a third; the seconds from its end until the grid shows what was chosen."""
    page.wait_for_timeout(2000)  # until the first drawing has settled
    tool.take_lasso(page)
    first, *corners = sector(page, tool, turn)
    page.mouse.move(*first)
    page.mouse.down()
    for corner in [*corners, first]:
        page.mouse.move(*corner, steps=2)
    tiles = f'deep({json.dumps(tool.tile)}).filter(seen).map((tile) => {tool.name_of_tile}).join(" ")'
    before = page.evaluate(f"() => {{ {WORDS} return [{tool.amount}, {tiles}]; }}")
    changed = f"({tool.amount}) !== argument[0] && {tiles} !== argument[1] && ({tool.tiles_drawn})"

    with watch() as seconds:
        page.mouse.up()
        wait(page, changed, before)
        page.evaluate(PAINTED)
    return seconds()


def sector(page: Page, tool: Tool, turn: int) -> list[tuple[float, float]]:
    """Corners of a third of the map's area, on the page, as a slice of a cake; our points lie in a ring."""
    box = page.locator(tool.map).first.bounding_box()
    assert box
    width, height = box["width"] / 2, box["height"] / 2
    x, y = box["x"] + width, box["y"] + height
    corners = [(x, y)]
    for corner in range(CORNERS + 1):
        angle = 2 * math.pi * (turn + corner / CORNERS) / PARTS
        right, down = math.cos(angle), math.sin(angle)
        reach = min((width - MARGIN) / max(abs(right), 1e-9), (height - MARGIN) / max(abs(down), 1e-9))
        corners.append((x + reach * right, y + reach * down))
    return corners


def amount(page: Page, tool: Tool) -> float:
    """How many images the grid is said to hold: the first number of what it says."""
    said = str(page.evaluate(f"() => {{ {WORDS} return {tool.amount}; }}"))
    number = re.search(r"\d[\d,]*", said)
    assert number, said
    return float(number[0].replace(",", ""))
