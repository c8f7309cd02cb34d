"""Labels a second: by key, by grid selection, by lasso, against one click an image, ours and a plain Streamlit page's.

The person is simulated. They know the truth of an image once they have looked at it: LOOK seconds for one image, and
for a screenful of thumbnails LOOK and SCAN for each (searching a picture takes people 0.02 to 0.06 s an item: Wolfe,
Psychological Science 1998, https://doi.org/10.1111/1467-9280.00006). What is left of the time is the machine's, and
says how fast it would let a person be who need not look. Labels are counted and compared with the truth afterwards, in
the log: what was not saved does not count. Bulk ways look at every image and take the odd ones out, except “lasso, a
glance”, which looks at the first screenful alone and trusts the map for the rest.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate

from engine.labels.events import ACCEPTED
from engine.labels.store import LabelStore
from engine.types import Floats
from tests.benchmarks.browser.apparatus import PATIENCE, WORDS, click, new_page, place, wait
from tests.browser.outline import clouds, draw_lasso, on_screen
from tests.browser.tissue import Tissue, tissue

LOOK, SCAN = 0.3, 0.05  # seconds: at an image or a screenful, and more for each thumbnail of it
GIVEN_UP = 10  # seconds without a change; they count
USUAL = "plain page, buttons"
PEER = "tests/benchmarks/browser/clicking_app.py"
TILES = """(() => deep(".grid .tile").filter((tile) => {
    const frame = tile.closest(".scroller").getBoundingClientRect(), box = tile.getBoundingClientRect();
    return box.top >= frame.top - 1 && box.bottom <= frame.bottom + box.height / 2; })
  .sort((a, b) => a.dataset.position - b.dataset.position)
  .map((tile) => ({ position: Number(tile.dataset.position), url: tile.querySelector("img").src })))()"""
GRID = '[deep(".grid .title")[0]?.textContent, deep(".grid .tile img")[0]?.src].join(" ")'  # what it shows
SHOWN = 'deep(".stage .path")[0]?.textContent'
SETTLED = 'settled() && drawn(".grid .tile img")'
PICTURE = 'drawn(".stage .picture")'


@dataclass
class Hand:
    """The simulated person at one page: looks, and how much of the time they looked."""

    page: Page
    tissue: Tissue
    looked: float = 0.0  # seconds

    def look(self, thumbnails: int = 0) -> None:
        seconds = LOOK + SCAN * thumbnails
        self.looked += seconds
        time.sleep(seconds)

    def key(self, name: str) -> None:
        """Press the key of a class."""
        self.page.keyboard.press(str(self.tissue.classes.index(name) + 1))

    def ask(self, what: str) -> Any:
        return self.page.evaluate(f"() => {{ {WORDS} return {what}; }}")

    def sees(self) -> list[tuple[int, str]]:
        """The thumbnails in sight of the grid: their places, and what they show."""
        return [(tile["position"], self.tissue.truth[content(tile["url"])]) for tile in self.ask(TILES)]


@dataclass(frozen=True)
class Way:
    """One way of labelling."""

    name: str
    label: Callable[[Hand, int], None]  # labels about so many images
    screen: str = "label"
    count: int = 30


@dataclass
class Outcome:
    """What one way gave."""

    labels: int
    right: int
    seconds: float
    looked: float
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "labels": self.labels,
            "right": round(self.right / self.labels, 3),
            "seconds": round(self.seconds, 1),
            "looked": round(self.looked, 1),
            "labels_per_second": round(self.labels / self.seconds, 2),
            "labels_per_second_of_the_machine": round(self.labels / (self.seconds - self.looked), 2),
        }


def measure_labelling(browser: Browser, cache: Path, images: int) -> dict[str, Any]:
    """Labels a second and the share of right ones, by way; the usual way first."""
    usual = plain_page(browser, cache, images, count=30)
    return {USUAL: usual.as_json(), **{way.name: ours(browser, cache, images, way).as_json() for way in WAYS}}


def ours(browser: Browser, cache: Path, images: int, way: Way) -> Outcome:
    with visited(browser, cache, images, way) as (material, page):
        hand = Hand(page, material)
        began = time.perf_counter()
        way.label(hand, way.count)
        seconds = time.perf_counter() - began
    given = LabelStore(material.project).current()
    given = given[given["how"] != ACCEPTED]
    contents = material.table.contents[material.table.rows(list(given["image"]))]
    right = sum(material.truth[one] == name for one, name in zip(contents, given["class"], strict=True))
    return Outcome(len(given), right, seconds, hand.looked)


@contextmanager
def visited(browser: Browser, cache: Path, images: int, way: Way) -> Iterator[tuple[Tissue, Page]]:
    """A fresh project, open on the way's screen, everything loaded."""
    material = tissue(cache, images, "labelling")
    with place(cache) as at, new_page(browser) as page:
        page.goto(at.address("label", material.project.root))
        wait(page, f"settled() && {PICTURE}")
        if way.screen != "label":
            click(page, "[data-testid=stSidebarNavLink]", way.screen.capitalize())
            wait(page, 'settled() && drawn(".map[data-ready], .tile img")')
        yield material, page


def plain_page(browser: Browser, cache: Path, images: int, count: int) -> Outcome:
    """One click an image on a page of Streamlit's own parts."""
    material = tissue(cache, images, "labelling")
    rows = np.random.default_rng(0).permutation(len(material.table))[:count]
    paths = [str(material.project.image_path(material.table.paths[row])) for row in rows]
    truth = dict(zip(paths, (material.truth[one] for one in material.table.contents[rows]), strict=True))
    log, about = cache / "clicking.log", cache / "clicking.json"
    log.unlink(missing_ok=True)
    about.write_text(json.dumps({"images": paths, "classes": material.classes, "log": str(log)}))
    with place(cache, PEER, {"CLICKING": str(about)}) as at, new_page(browser) as page:
        page.goto(at.server.address)
        hand = Hand(page, material)
        wait(page, 'settled() && drawn("[data-testid=stImage] img")')
        began = time.perf_counter()
        for turn, path in enumerate(paths):
            hand.look()
            click(page, "[data-testid=stButton] button", truth[path])
            shown = 'drawn("[data-testid=stImage] img")' if turn + 1 < count else "true"
            wait(page, f'document.body.textContent.includes(argument) && settled() && {shown}',
                 f"image {turn + 1}" if turn + 1 < count else "Done.")  # fmt: skip
        seconds = time.perf_counter() - began
    kept = [json.loads(line) for line in log.read_text().splitlines()]
    return Outcome(len(kept), sum(truth[path] == name for path, name in kept), seconds, hand.looked)


# --- the ways ---------------------------------------------------------------------------------------------------------


def by_button(hand: Hand, count: int) -> None:
    """One click an image, on the Label screen's own buttons."""

    def press(name: str) -> None:
        click(hand.page, ".stage .classes .name", name)

    one_by_one(hand, count, press)


def by_key(hand: Hand, count: int) -> None:
    """One key an image, on the Label screen."""
    one_by_one(hand, count, hand.key)


def one_by_one(hand: Hand, count: int, press: Callable[[str], None]) -> None:
    paths = dict(zip(hand.tissue.table.paths, hand.tissue.table.contents, strict=True))
    for _ in range(count):
        shown = hand.ask(SHOWN)
        hand.look()
        press(hand.tissue.truth[paths[shown]])
        wait(hand.page, f"{SHOWN} !== argument && {PICTURE}", shown)
    wait(hand.page, 'deep(".stage .saved")[0].dataset.open === "0"')


def by_grid(hand: Hand, count: int) -> None:
    """Two labels of each class by key, then the answers class by class: all but the odd ones out at one key."""
    page = hand.page
    by_key(hand, 2 * len(hand.tissue.classes))
    click(page, "[data-testid=stSidebarNavLink]", "Review")
    wait(page, 'head() === "Review" && settled() && drawn(".grid .tile img")')
    for name in hand.tissue.classes:
        before = hand.ask(GRID)
        page.locator(".rail").get_by_text(name, exact=True).first.click()
        wait(page, f"{GRID} !== argument && {SETTLED}", before)
        take(hand, name)


def by_lasso(hand: Hand, count: int) -> None:
    """Outline a part of the map, look through its images, take the odd ones out, one key; then the next part."""
    for cloud in clouds(hand.tissue.points):
        outline(hand, cloud)
        seen = [name for _, name in hand.sees()]
        if seen:
            take(hand, Counter(seen).most_common(1)[0][0])


def by_glance(hand: Hand, count: int) -> None:
    """Outline a part of the map, look at the first screenful, one key for all; then the next part."""
    for cloud in clouds(hand.tissue.points):
        outline(hand, cloud)
        seen = [name for _, name in hand.sees()]
        hand.look(len(seen))
        if seen:
            before = labelled(hand)
            hand.page.locator(".map").focus()
            hand.key(Counter(seen).most_common(1)[0][0])
            answered(hand.page, "document.querySelector('.strip')?.textContent !== argument && settled()", before)


WAYS = (
    Way("own buttons", by_button, count=30),
    Way("key", by_key, count=60),
    Way("grid", by_grid),
    Way("lasso", by_lasso, "explore"),
    Way("lasso, a glance", by_glance, "explore"),
)


def take(hand: Hand, name: str) -> None:
    """Select all that the grid holds, look through it, take out what is not of the class, and give the rest its key."""
    page, before = hand.page, labelled(hand)
    page.locator(".grid .scroller").focus()
    page.keyboard.press("a")
    last = -1
    while True:
        tiles = [tile for tile in hand.sees() if tile[0] > last]
        if not tiles:
            break
        hand.look(len(tiles))
        for position, shows in tiles:
            if shows != name:
                take_out(page, position)
        last = tiles[-1][0]
        scroll_past(hand, last)
    page.locator(".grid .scroller").focus()
    if hand.ask('deep(".grid .tile[aria-selected=true]").length'):
        hand.key(name)
        answered(page, "document.querySelector('.strip')?.textContent !== argument && settled()", before)


def take_out(page: Page, position: int) -> None:
    """Click a tile with Ctrl."""
    script = """const tile = deep('.grid .tile[data-position="' + argument + '"]')[0];
        tile.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, ctrlKey: true }));"""
    page.evaluate(f"(argument) => {{ {WORDS} {script} }}", position)


def answered(page: Page, condition: str, before: str) -> None:
    """Wait for an answer, GIVEN_UP seconds at most: where nothing new is to be seen, a person goes on as well."""
    page.set_default_timeout(1000 * GIVEN_UP)
    with suppress(TooLate):
        wait(page, condition, before)
    page.set_default_timeout(PATIENCE)


def scroll_past(hand: Hand, position: int) -> None:
    """Bring what follows a tile to the top of the grid; where that is the end, nothing moves."""
    script = """const tile = deep('.grid .tile[data-position="' + argument + '"]')[0];
        const scroller = tile.closest(".scroller"), box = tile.getBoundingClientRect();
        scroller.scrollTop += box.bottom - scroller.getBoundingClientRect().top;"""
    hand.page.evaluate(f"(argument) => {{ {WORDS} {script} }}", position)
    wait(hand.page, 'drawn(".grid .tile img")')


def labelled(hand: Hand) -> str:
    return str(hand.ask("document.querySelector('.strip')?.textContent"))


def outline(hand: Hand, cloud: Floats) -> None:
    """Draw a lasso around points [M 2] of the map and wait until the grid shows them."""
    before = hand.ask(GRID)
    draw_lasso(hand.page, on_screen(hand.page, hand.tissue.points, cloud))
    answered(hand.page, f"{GRID} !== argument && {SETTLED}", before)


def content(url: str) -> str:
    """The content hash in the address of a thumbnail."""
    return url.rpartition("/")[2].partition(".")[0]
