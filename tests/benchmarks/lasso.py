"""Lasso to Python: seconds from letting go of the mouse until the page shows what Python was told.

Our map against `st.plotly_chart` (Scattergl, on_select) with the same points, in headless Chromium, a third of the plot
outlined. Goal: ours at least 10 times as fast. Run: python -m tests.benchmarks.lasso [--counts 50000,200000]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_browser
from tests.browser.conftest import SIZE, Dashboard, free_port

PATIENCE = 180_000  # milliseconds that one step may take
READY = {"ours": ".map[data-ready]", "plotly": ".js-plotly-plot .gl-canvas"}
AREA = {"ours": ".map", "plotly": ".js-plotly-plot"}
GOAL = 10  # times as fast


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="50000,200000", help="numbers of points, with commas")
    parser.add_argument("--repeats", type=int, default=3, help="lassos of each kind; the median counts")
    asked = parser.parse_args()
    browser_path = find_browser()
    if browser_path is None:
        print("No Chromium or Chrome can be found; install one to run this benchmark.", file=sys.stderr)
        return 1
    counts = [int(count) for count in asked.counts.split(",")]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Dashboard(free_port(), Path(folder) / "server.log", "tests/benchmarks/lasso_server.py")
        server.start()
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        try:
            results = {str(count): compare(browser, server, count, asked.repeats) for count in counts}
        finally:
            browser.close()
            server.kill()
    reached = all(result["times_as_fast"] >= GOAL for result in results.values())
    print(json.dumps({"benchmark": "lasso", "goal_times": GOAL, "reached": reached, "points": results}))
    return 0


def compare(browser: Browser, server: Dashboard, count: int, repeats: int) -> dict[str, float]:
    """Median seconds of both for one number of points."""
    ours, plotly = (measure(browser, server, kind, count, repeats) for kind in ("ours", "plotly"))
    times = round(plotly / ours, 1)
    return {"ours_seconds": round(ours, 3), "plotly_seconds": round(plotly, 3), "times_as_fast": times}


def measure(browser: Browser, server: Dashboard, kind: str, count: int, repeats: int) -> float:
    page = browser.new_page(viewport=SIZE)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.address}/?kind={kind}&count={count}")
    page.locator(READY[kind]).first.wait_for()
    page.wait_for_timeout(2000)  # until the first drawing has settled
    if kind == "ours":
        page.locator(".map").focus()
        page.keyboard.press("l")
    seconds = [lasso(page, AREA[kind], radius=200 + 12 * repeat) for repeat in range(repeats)]
    page.close()
    return median(seconds)


def lasso(page: Page, area: str, radius: float) -> float:
    """Draw a circle in the middle; returns the seconds from its end until the page shows another amount."""
    box = page.locator(area).bounding_box()
    assert box
    centre_x, centre_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.get_by_text("amount").inner_text()
    page.mouse.move(centre_x + radius, centre_y)
    page.mouse.down()
    for step in range(1, 33):
        turn = step / 32 * 2 * math.pi
        page.mouse.move(centre_x + radius * math.cos(turn), centre_y + radius * math.sin(turn))
    began = time.perf_counter()
    page.mouse.up()
    page.wait_for_function(
        """(before) => [...document.querySelectorAll("p")].some((line) => /^amount/.test(line.textContent)
             && line.textContent !== before)""",
        arg=before,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
