"""Whether memory stays flat over an hour of work: the server's, and that of a page that stays open.

An hour as a busy person spends it, without the pauses: again and again a browser comes, labels by key, outlines a part
of the map and labels it, looks at every other screen, and leaves. What counts is the second half, when caches are full:
the slope of the server's memory, with its 95 % interval, over all that was done. The page's heap is measured
on one page that goes through the screens with our components again and again.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page
from scipy import stats

from engine.project import open_project
from tests.benchmarks.browser.apparatus import Place, heap, new_page, place, wait
from tests.benchmarks.browser.screens import SCREENS, visit
from tests.benchmarks.browser.synthetic import CLASSES, Material

KEYS = 20  # labels by key in a round
REMOUNTED = ("Explore", "Label", "Review")
SHOWN = 'deep(".stage .path")[0]?.textContent'


def measure_soak(browser: Browser, cache: Path, material: Material, rounds: int, remounts: int) -> dict[str, Any]:
    """Memory over the rounds, and its slope."""
    root = material.project.root.with_name("soaked")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(material.project.root, root)
    soaked = replace(material, project=open_project(root))
    with place(cache) as at:
        memory, actions = [at.memory()], [0]
        for turn in range(rounds):
            with new_page(browser) as page:
                actions.append(actions[-1] + live(page, at, soaked, turn))
            memory.append(at.memory())
        heaps = remount(browser, at, soaked, remounts)
    half, half_heaps = len(memory) // 2, len(heaps) // 2
    return {
        "images": len(material.table),
        "actions": actions[-1],
        "sessions": rounds,
        "server_mb": [round(one) for one in memory],
        **slope("server", actions[half:], memory[half:], actions[-1]),
        "remounts": remounts * len(REMOUNTED),
        "heap_mb": [round(one, 1) for one in heaps],
        **slope("heap", list(range(len(heaps)))[half_heaps:], heaps[half_heaps:], len(heaps)),
    }


def live(page: Page, at: Place, material: Material, turn: int) -> int:
    """One round of an hour's work; returns the number of things done."""
    rng = np.random.default_rng(turn)
    page.goto(at.address("label", material.project.root))
    wait(page, 'settled() && drawn(".stage .picture")')
    for key in rng.integers(1, len(CLASSES) + 1, KEYS):
        shown = page.locator(".stage .path").inner_text()
        page.keyboard.press(str(key))
        wait(page, f"{SHOWN} !== argument", shown)
    wait(page, 'deep(".stage .saved")[0].dataset.open === "0" && settled()')
    done = KEYS
    for screen in SCREENS:
        visit(page, screen)
        done += 1
        if screen.title == "Explore":
            outline(page, rng)
            page.keyboard.press(str(rng.integers(1, len(CLASSES) + 1)))
            page.wait_for_timeout(300)
            wait(page, "settled()")
            done += 2
    return done


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


def remount(browser: Browser, at: Place, material: Material, rounds: int) -> list[float]:
    """The page's heap after each time through the screens with our components."""
    chosen = [screen for screen in SCREENS if screen.title in REMOUNTED]
    with new_page(browser) as page:
        page.goto(at.address("help", material.project.root))
        wait(page, "settled()")
        heaps = []
        for _ in range(rounds):
            for screen in chosen:
                visit(page, screen)
            visit(page, SCREENS[-1])
            heaps.append(heap(page))
    return heaps


def slope(name: str, at: list[int], megabytes: list[float], whole: int) -> dict[str, Any]:
    """Growth over the whole, by least squares with a 95 % interval, and its share of what is held."""
    fit = stats.linregress(at, megabytes)
    half = float(stats.t.ppf(0.975, len(at) - 2)) * fit.stderr if len(at) > 2 else float("inf")
    return {
        f"{name}_growth_mb": round(fit.slope * whole, 1),
        f"{name}_growth_mb_half_interval_95": round(half * whole, 1),
        f"{name}_mb_held": round(float(np.mean(megabytes)), 1),
    }
