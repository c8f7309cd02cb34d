"""The grid with every image of a project: whether it scrolls without a hitch, and how soon its tiles are filled.

Scroll: the grid of Review is moved for some seconds, as fast as one can still look and faster; milliseconds between
frames, beside those of the same page when nothing moves, and the share of frames in which some tile in sight has no
picture yet. Jump: from one place to another that was never seen, milliseconds until every tile in sight has its
picture; and again to places seen before.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from tests.benchmarks.browser.apparatus import WORDS, Place, new_page, wait
from tests.benchmarks.browser.synthetic import Material

SPEEDS = {"looking": 15, "fast": 60}  # pixels a frame: 900 and 3,600 a second, seven and thirty rows of thumbnails
SECONDS = 4
READY = 'settled() && drawn(".grid .tile img")'
SCROLLER = """const scroller = deep(".grid .scroller")[0];
    const boxOf = (one) => one.getBoundingClientRect(), frame = boxOf(scroller);
    const inSight = (one) => boxOf(one).bottom > frame.top && boxOf(one).top < frame.bottom;
    const filled = () => [...scroller.querySelectorAll(".tile .frame")].filter(inSight).every((one) =>
      one.classList.contains("loaded"));"""
SCROLL = f"""async ([speed, seconds]) => {{ {WORDS} {SCROLLER}
    const spans = []; let empty = 0, last = performance.now(); const end = last + 1000 * seconds;
    while (last < end) {{
        const now = await new Promise(requestAnimationFrame);
        spans.push(now - last); last = now;
        empty += !filled();
        scroller.scrollTop += speed;
    }}
    return [spans.slice(1), empty / spans.length];
}}"""
JUMP = f"""async (share) => {{ {WORDS} {SCROLLER}
    const began = performance.now();
    scroller.scrollTop = share * scroller.scrollHeight;
    await new Promise(requestAnimationFrame);
    while (!filled()) await new Promise(requestAnimationFrame);
    return performance.now() - began;
}}"""


def measure_scrolling(browser: Browser, at: Place, material: Material, jumps: int) -> dict[str, Any]:
    """Frames and waits of the grid over all images."""
    with new_page(browser) as page:
        page.goto(at.address("review", material.project.root))
        wait(page, READY)
        idle, _ = page.evaluate(SCROLL, [0, SECONDS])
        moved = {name: page.evaluate(SCROLL, [speed, SECONDS]) for name, speed in SPEEDS.items()}
        places = [float(share) for share in np.random.default_rng(0).uniform(0.1, 0.95, jumps)]
        first = [page.evaluate(JUMP, share) for share in places]
        again = [page.evaluate(JUMP, share) for share in places]
    return {
        "images": len(material.table),
        "frame_ms_idle": round(median(idle), 1),
        **{name: described(*found) for name, found in moved.items()},
        "jump_ms_first": round(median(first)),
        "jump_ms_again": round(median(again)),
    }


def described(spans: list[float], empty: float) -> dict[str, float]:
    """Of the frames of one speed."""
    return {
        "frame_ms_median": round(median(spans), 1),
        "frame_ms_p95": round(float(np.percentile(spans, 95)), 1),
        "frames_with_an_empty_tile": round(empty, 3),
    }
