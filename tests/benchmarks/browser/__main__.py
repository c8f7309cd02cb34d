"""Measure the dashboard in a real browser: screens, maps, scrolling, labelling, soak; and others beside it.

    python -m tests.benchmarks.browser CACHE [--parts screens maps …] [--images 1000 20000 100000]
    python -m tests.benchmarks.browser CACHE --parts others --others FOLDER [--images 20000 100000]

CACHE is a folder outside the repository where projects are made once and kept; FOLDER holds an environment for each
other tool, see others/. Each part that is measured replaces what results/browser.json said of it; MEASURED.md's tables
are made from that file. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from engine import files
from tests.benchmarks.browser.apparatus import chromium, place
from tests.benchmarks.browser.labelling import measure_labelling
from tests.benchmarks.browser.maps import measure_maps
from tests.benchmarks.browser.others.measure import measure_exploring
from tests.benchmarks.browser.screens import measure_screens
from tests.benchmarks.browser.scrolling import measure_scrolling
from tests.benchmarks.browser.soak import measure_soak
from tests.benchmarks.browser.synthetic import material
from tests.benchmarks.browser.tables import tables

RESULTS = Path(__file__).parents[1] / "results" / "browser.json"
TISSUE = 1200  # images of the project on which labelling is measured
Asked = argparse.Namespace
Found = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="folder for synthetic projects, outside the repository")
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS)[:-1], help="all but others")
    parser.add_argument("--images", type=int, nargs="+", default=[1000, 20_000, 100_000])
    parser.add_argument("--points", type=int, nargs="+", default=[50_000, 200_000, 1_000_000])
    parser.add_argument("--repeats", type=int, default=3, help="of each visit, lasso and jump; the median counts")
    parser.add_argument("--patience", type=float, default=180, help="seconds after which a map gave no answer")
    parser.add_argument("--others", type=Path, help="folder with the environments of other tools, see others/")
    parser.add_argument("--rounds", type=int, default=40, help="of the soak; 40 are an hour")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    if "others" in asked.parts and not asked.others:
        parser.error("--parts others needs --others FOLDER, which holds their environments.")
    asked.cache = asked.cache.expanduser().resolve()
    asked.cache.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = files.read_json(asked.out) if asked.out.exists() else {"benchmark": "browser"}
    for part in asked.parts:
        print(f"measuring {part} …", file=sys.stderr, flush=True)
        with chromium() as browser:  # each in one of its own: a page that chokes works on after it was closed
            for found in PARTS[part](browser, asked):
                results[part] = {"measured": today(), "machine": machine(browser), "load": load(), "results": found}
                files.write_json(asked.out, {**results, "tables": tables(results)})
    print(json.dumps({"benchmark": "browser", **{part: results[part] for part in asked.parts}}))
    return 0


def screens(browser: Browser, asked: Asked) -> Iterator[Found]:
    yield {
        str(count): measure_screens(browser, asked.cache, material(asked.cache, count), asked.repeats)
        for count in asked.images
    }


def maps(browser: Browser, asked: Asked) -> Iterator[Found]:
    yield measure_maps(browser, asked.cache, asked.points, asked.repeats, asked.patience)


def scrolling(browser: Browser, asked: Asked) -> Iterator[Found]:
    with place(asked.cache) as at:
        yield measure_scrolling(browser, at, material(asked.cache, max(asked.images)), 3 * asked.repeats)


def labelling(browser: Browser, asked: Asked) -> Iterator[Found]:
    yield measure_labelling(browser, asked.cache, TISSUE, asked.others)


def soak(browser: Browser, asked: Asked) -> Iterator[Found]:
    middle = sorted(asked.images)[len(asked.images) // 2]
    return measure_soak(browser, asked.cache, material(asked.cache, middle), asked.rounds, asked.rounds)


def others(browser: Browser, asked: Asked) -> Iterator[Found]:
    found: Found = {}
    for count in asked.images:
        found[str(count)] = measure_exploring(browser, asked.cache, asked.others.resolve(), count, asked.repeats)
        yield found


PARTS: dict[str, Callable[[Browser, Asked], Iterator[Found]]] = {  # what is known so far, again and again
    "screens": screens,
    "maps": maps,
    "scrolling": scrolling,
    "labelling": labelling,
    "soak": soak,
    "others": others,  # last: it is not among those that are measured unasked
}


def today() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def machine(browser: Browser) -> str:
    return f"{os.cpu_count()} cores, no graphics card, Python {platform.python_version()}, Chromium {browser.version}"


def load() -> float:
    """How many processes wanted a core over the last minutes, ours among them: above the cores, times are too long."""
    return round(os.getloadavg()[1], 1)


if __name__ == "__main__":
    sys.exit(main())
