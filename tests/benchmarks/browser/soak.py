"""Whether memory stays flat over an hour of use: the server's, and that of a page that stays open.

An hour of a busy person, without the pauses: in each of 40 rounds a browser comes, labels 20 images by key, looks at
each of the 14 screens, outlines a part of the map and labels it, and leaves. That is 36 acts a round, 1,440 in all:
one every 2.5 seconds, for an hour. Rounds begin at even times: Streamlit keeps for two minutes what a browser saw
that has left, so the faster the rounds, the more it keeps. What is known is yielded after each round, so that a run
that is cut keeps it.
The verdict is that of growth.py, over the second half, when caches are full. The page's heap is read on one page
that goes through the screens with our components again and again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TookTooLong

from engine.project import open_project
from tests.benchmarks.browser.apparatus import PATIENCE, Place, click, heap, new_page, place, wait
from tests.benchmarks.browser.growth import Growth, growth
from tests.benchmarks.browser.screens import LINK, SCREENS, USABLE, Screen
from tests.benchmarks.browser.synthetic import CLASSES, Material

KEYS = 20  # labels by key in a round
PACE = 20.0  # seconds from one round to the next, unless one takes longer
HOUR = 40 * (KEYS + len(SCREENS) + 2)  # acts
REMOUNTED = ("Explore", "Label", "Review")
REMOUNTS_OF_AN_HOUR = 40
ANSWERED = 45_000  # milliseconds after which a click on the menu counts as lost
TRIES = 4
SHOWN = 'deep(".stage .path")[0]?.textContent'


def measure_soak(
    browser: Browser, cache: Path, material: Material, rounds: int, remounts: int
) -> Iterator[dict[str, Any]]:
    """Memory over the rounds and how it grows; what is known so far, after each round."""
    root = material.project.root.with_name("soaked")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(material.project.root, root)
    soaked = replace(material, project=open_project(root))
    found: dict[str, Any] = {"images": len(material.table), "sessions": 0, "clicks_lost": 0}
    with place(cache) as at:
        memory, acts = [at.memory()], [0]
        for turn in range(rounds):
            began = time.monotonic()
            with new_page(browser) as page:
                done, lost = live(page, at, soaked, turn)
            time.sleep(max(0.0, began + PACE - time.monotonic()))
            acts.append(acts[-1] + done)
            memory.append(at.memory())
            found |= {"acts": acts[-1], "sessions": turn + 1, "clicks_lost": found["clicks_lost"] + lost}
            found |= {"server_mb": [round(one) for one in memory], "server": verdict(growth(acts, memory, HOUR))}
            yield found
        heaps: list[float] = []
        for used in remount(browser, at, soaked, remounts):
            heaps.append(used)
            times = list(range(len(heaps)))
            found |= {"heap_mb": [round(one, 1) for one in heaps]}
            found |= {"heap": verdict(growth(times, heaps, REMOUNTS_OF_AN_HOUR))}
        yield found


def verdict(found: Growth | None) -> dict[str, float | bool] | None:
    return found and {**asdict(found), "flat": found.flat}


def live(page: Page, at: Place, material: Material, turn: int) -> tuple[int, int]:
    """One round; returns the number of acts, and of clicks that had to be made again."""
    rng = np.random.default_rng(turn)
    page.goto(at.address("label", material.project.root))
    wait(page, 'settled() && drawn(".stage .picture")')
    for key in rng.integers(1, len(CLASSES) + 1, KEYS):
        shown = page.locator(".stage .path").inner_text()
        page.keyboard.press(str(key))
        wait(page, f"{SHOWN} !== argument", shown)
    wait(page, 'deep(".stage .saved")[0].dataset.open === "0" && settled()')
    done, lost = KEYS, 0
    for screen in SCREENS:
        lost += look_at(page, screen)
        done += 1
        if screen.title == "Explore":
            outline(page, rng)
            page.keyboard.press(str(rng.integers(1, len(CLASSES) + 1)))
            page.wait_for_timeout(300)
            wait(page, "settled()")
            done += 2
    return done, lost


def look_at(page: Page, screen: Screen) -> int:
    """Through the menu; returns how often the click was lost, as where a run of the old screen overtakes it."""
    for lost in range(TRIES):
        page.evaluate('dispatchEvent(new Event("pointerdown"))')  # by which a page knows a person, and is quiet a while
        click(page, LINK, screen.title)
        page.set_default_timeout(ANSWERED)
        try:
            wait(page, USABLE, asdict(screen))
        except TookTooLong:
            continue
        finally:
            page.set_default_timeout(PATIENCE)
        return lost
    raise TookTooLong(f"{screen.title} did not come after {TRIES} clicks on the menu")


def outline(page: Page, rng: np.random.Generator) -> None:
    """A small lasso somewhere on the map."""
    page.locator(".map").focus()
    page.keyboard.press("l")
    box = page.locator(".map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * rng.uniform(0.3, 0.6), box["y"] + box["height"] * rng.uniform(0.3, 0.6)
    page.mouse.move(x, y)
    page.mouse.down()
    for across, down in ((40, 0), (40, 40), (0, 40), (0, 0)):
        page.mouse.move(x + across, y + down, steps=2)
    page.mouse.up()
    page.wait_for_timeout(300)
    wait(page, "settled()")


def remount(browser: Browser, at: Place, material: Material, rounds: int) -> Iterator[float]:
    """The page's heap after each time through the screens with our components."""
    chosen = [screen for screen in SCREENS if screen.title in REMOUNTED]
    with new_page(browser) as page:
        page.goto(at.address("help", material.project.root))
        wait(page, "settled()")
        for _ in range(rounds):
            for screen in [*chosen, SCREENS[-1]]:
                look_at(page, screen)
            yield heap(page)
