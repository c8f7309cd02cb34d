"""The map with many points: ours, with WebGL2 and without, against `st.plotly_chart` (Scattergl, on_select).

Open: from the navigation until the points are drawn and no script runs, on a server that has served the same page once
and so has made the points (those of real images would be read from disk). Lasso: from letting go of the mouse, a third
of the map outlined, until the page shows what Python was told. Hover: from the mouse's coming to rest on a point until
its card shows (ours waits 90 ms on purpose). Zoom: milliseconds between frames while the wheel turns, 95th percentile.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Error, Page

from tests.benchmarks.browser.apparatus import Place, new_page, place, wait
from tests.browser.chromium import WITHOUT_WEBGL

SCRIPT = "tests/benchmarks/browser/points_server.py"
FRAMES = """async () => {
    const ends = []; let going = true;
    const frame = (now) => { ends.push(now); if (going) requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
    await new Promise((done) => window.stopFrames = () => { going = false; done(); });
    return ends.slice(1).map((end, place) => end - ends[place]);
}"""
AMOUNT = '[...document.querySelectorAll("p")].find((line) => /^amount/.test(line.textContent))?.textContent'


@dataclass(frozen=True)
class Kind:
    """One way to draw the points."""

    name: str
    area: str  # selector of what is drawn on
    ready: str  # condition
    card: str  # condition: the card of a point shows
    tool: str = ""  # key that takes the lasso
    webgl: bool = True


OURS = Kind("ours", ".map", 'deep(".map[data-ready]").length > 0', 'deep(".map .card:not([hidden])").length > 0', "l")
PLOTLY = Kind(
    "plotly", ".js-plotly-plot", 'drawn(".js-plotly-plot .gl-canvas")', 'deep(".hoverlayer .hovertext").length > 0'
)
WAYS = {"ours": OURS, "ours_without_webgl": replace(OURS, webgl=False), "plotly": PLOTLY}


def measure_maps(browser: Browser, cache: Path, counts: list[int], repeats: int, patience: float) -> dict[str, Any]:
    """Seconds of each way by number of points; None where the page did not answer within `patience` seconds."""
    results: dict[str, Any] = {}
    for count in counts:
        results[str(count)] = {}
        for way, kind in WAYS.items():
            with place(cache, SCRIPT) as at:  # each with a server of its own: one that chokes chokes alone
                results[str(count)][way] = attempt(browser, at, kind, count, repeats, patience)
    return results


def attempt(
    browser: Browser, at: Place, kind: Kind, count: int, repeats: int, patience: float
) -> dict[str, float] | None:
    try:
        with new_page(browser) as page:
            page.set_default_timeout(patience * 1000)
            if not kind.webgl:
                page.add_init_script(WITHOUT_WEBGL)
            return measure(page, at, kind, count, repeats)
    except Error:  # it took longer than anybody waits, or the page's process died
        return None


def measure(page: Page, at: Place, kind: Kind, count: int, repeats: int) -> dict[str, float]:
    opened = [visit(page, at, kind, count) for _ in range(2)][-1]
    cards = median(hover(page, kind, turn) for turn in range(repeats))
    frame = zoom(page, kind)  # before the lasso: Plotly does not zoom while something is selected
    if kind.tool:
        page.locator(kind.area).focus()
        page.keyboard.press(kind.tool)
    told = median(lasso(page, kind.area, radius=200 + 12 * turn) for turn in range(repeats))
    return {"open": round(opened, 2), "lasso": round(told, 2), "hover": round(cards, 2), "frame_ms_p95": round(frame)}


def visit(page: Page, at: Place, kind: Kind, count: int) -> float:
    page.goto(f"{at.server.address}/?kind={kind.name}&count={count}", wait_until="commit")
    opened = wait(page, f"settled() && {kind.ready}")
    page.wait_for_timeout(2000)  # until the first drawing has settled
    return opened


def lasso(page: Page, area: str, radius: float) -> float:
    """Draw a circle in the middle; the seconds from its end until the page shows another amount."""
    x, y = middle(page, area)
    before = page.evaluate(AMOUNT)
    page.mouse.move(x + radius, y)
    page.mouse.down()
    for step in range(1, 33):
        turn = step / 32 * 2 * math.pi
        page.mouse.move(x + radius * math.cos(turn), y + radius * math.sin(turn))
    began = time.perf_counter()
    page.mouse.up()
    wait(page, f"{AMOUNT} !== argument && settled()", before)
    return time.perf_counter() - began


def hover(page: Page, kind: Kind, turn: int) -> float:
    """Come to rest on another place near the middle, where points lie close; the seconds until a card shows."""
    x, y = middle(page, kind.area)
    page.mouse.move(x - 400, 5)  # off the map
    wait(page, f"!({kind.card})")
    began = time.perf_counter()
    page.mouse.move(x + 20 * turn, y + 10 * turn, steps=2)
    wait(page, kind.card)
    return time.perf_counter() - began


def zoom(page: Page, kind: Kind) -> float:
    """Turn the wheel over the middle for a while; the 95th percentile of the milliseconds between frames."""
    page.mouse.move(*middle(page, kind.area))
    page.evaluate(f"() => {{ window.frames_ = ({FRAMES})(); }}")  # which ends when stopFrames is called
    for turn in range(20):
        page.mouse.wheel(0, -120 if turn < 10 else 120)
        page.wait_for_timeout(50)
    spans = page.evaluate("() => { window.stopFrames(); return window.frames_; }")
    return float(np.percentile(spans, 95))


def middle(page: Page, area: str) -> tuple[float, float]:
    box = page.locator(area).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
