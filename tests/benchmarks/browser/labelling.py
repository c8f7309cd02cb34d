"""Labels a second: by key, by grid selection, by lasso, against one click an image, ours and a plain Streamlit page's.

Labels are counted and compared with the truth afterwards, in the log: what was not saved does not count. Bulk ways look
at every image and take the odd ones out, except “lasso, a glance”, which looks at the first screenful alone and trusts
the map for the rest. A screenful, or a part of the map, where many are odd is left alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate

from engine.labels.events import ACCEPTED
from engine.labels.store import LabelStore
from engine.types import Floats
from tests.benchmarks.browser.apparatus import PATIENCE, STRIP, WORDS, click, new_page, place, wait, watch
from tests.benchmarks.browser.others import label_studio as studio
from tests.benchmarks.browser.person import KEY, MOUSE, POINT, Person
from tests.browser.outline import clouds, on_screen
from tests.browser.tissue import Tissue, tissue

PER_CLASS = 5  # labels by key before the answers are looked through
ODD = 3  # of a screenful, at most, for it to be taken in bulk
GIVEN_UP = 10  # seconds without a change; they count
USUAL, STUDIO = "plain page, buttons", "Label Studio, keys"
PEER = "tests/benchmarks/browser/clicking_app.py"
TILES = """(() => deep(".grid .tile").filter((tile) => {
    const frame = tile.closest(".scroller").getBoundingClientRect();
    const box = tile.querySelector(".frame").getBoundingClientRect(); // whole without its line, as V takes it
    return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1; })
  .sort((a, b) => a.dataset.position - b.dataset.position)
  .map((tile) => ({ position: Number(tile.dataset.position), url: tile.querySelector(".loaded img")?.src })))()"""
ENDED = """(() => { const scroller = deep(".grid .scroller")[0];
  return scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1; })()"""
PAST = """(() => { const tile = deep('.grid .tile[data-position="' + argument + '"]')[0];
  const scroller = tile.closest(".scroller");
  scroller.scrollTop += tile.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top; })()"""
GRID = f'[deep(".grid .title")[0]?.textContent, {TILES}[0]?.url].join(" ")'  # what it shows
SHOWN = 'deep(".stage .path")[0]?.textContent'
SETTLED = 'settled() && drawn(".grid .tile img")'
PICTURE = 'drawn(".stage .picture")'


@dataclass(frozen=True)
class Way:
    """One way of labelling."""

    name: str
    label: Callable[[Person, int], None]  # labels about so many images
    screen: str = "label"
    count: int = 30


@dataclass
class Outcome:
    """What one way gave."""

    labels: int
    right: int
    machine: float  # seconds, as are the others
    looked: float
    moved: float

    def as_json(self) -> dict[str, Any]:
        def rate(seconds: float) -> float:
            return round(self.labels / seconds, 2)

        return {
            "labels": self.labels,
            "right": round(self.right / self.labels, 3),
            "machine": round(self.machine, 1),
            "looked": round(self.looked, 1),
            "moved": round(self.moved, 1),
            "labels_per_second_of_the_machine": rate(self.machine),
            "labels_per_second_with_looks": rate(self.machine + self.looked),
            "labels_per_second": rate(self.machine + self.looked + self.moved),
        }


def measure_labelling(browser: Browser, cache: Path, images: int, others: Path | None) -> dict[str, Any]:
    """Labels a second and the share of right ones, by way; the usual way first, then those of other tools.

    Args:
        others: the folder of their environments, None to leave them out.
    """
    found = {USUAL: plain_page(browser, cache, images, count=30)}
    if others and (environment := others / studio.NAME).exists():
        found[STUDIO] = in_label_studio(browser, cache, images, environment, count=60)
    found |= {way.name: ours(browser, cache, images, way) for way in WAYS}
    return {name: outcome.as_json() for name, outcome in found.items()}


def ours(browser: Browser, cache: Path, images: int, way: Way) -> Outcome:
    with visited(browser, cache, images, way) as person, watch() as seconds:
        way.label(person, way.count)
    material = person.tissue
    given = LabelStore(material.project).current()
    given = given[given["how"] != ACCEPTED]
    contents = material.table.contents[material.table.rows(list(given["image"]))]
    right = sum(material.truth[one] == name for one, name in zip(contents, given["class"], strict=True))
    return Outcome(len(given), right, seconds() - person.looked, person.looked, person.moved)


@contextmanager
def visited(browser: Browser, cache: Path, images: int, way: Way) -> Iterator[Person]:
    """Somebody at a fresh project that is open on the way's screen, everything loaded."""
    material = tissue(cache, images, "labelling")
    with place(cache) as at, new_page(browser) as page:
        page.goto(at.address("label", material.project.root))
        wait(page, f"settled() && {PICTURE}")
        if way.screen != "label":
            click(page, "[data-testid=stSidebarNavLink]", way.screen.capitalize())
            wait(page, 'settled() && drawn(".map[data-ready], .tile img")')
        yield Person(page, material)


def in_label_studio(browser: Browser, cache: Path, images: int, environment: Path, count: int) -> Outcome:
    """A digit and Ctrl+Enter an image, in Label Studio."""
    material = tissue(cache, images, "labelling")
    paths, truth = some(material, count + 1)  # one more than are labelled: the last answer brings a picture too
    with studio.label_studio(environment, cache, paths, material.classes) as served, new_page(browser) as page:
        served.enter(page)
        person = Person(page, material)
        with watch() as seconds:
            for path in paths[:count]:
                shown = person.ask(studio.SHOWN)
                person.look()
                person.press_class(truth[path])
                person.press("Control+Enter")
                wait(page, f"{studio.SHOWN} !== argument && {studio.PICTURE}", shown)
        given = served.answers()
    right = sum(truth[path] == name for path, name in given.items())
    return Outcome(len(given), right, seconds() - person.looked, person.looked, person.moved)


def some(material: Tissue, count: int) -> tuple[list[str], dict[str, str]]:
    """Paths of images drawn at random, and the class of each."""
    rows = np.random.default_rng(0).permutation(len(material.table))[:count]
    paths = [str(material.project.image_path(material.table.paths[row])) for row in rows]
    return paths, dict(zip(paths, (material.truth[one] for one in material.table.contents[rows]), strict=True))


def plain_page(browser: Browser, cache: Path, images: int, count: int) -> Outcome:
    """One click an image on a page of Streamlit's own parts."""
    material = tissue(cache, images, "labelling")
    paths, truth = some(material, count)
    log, about = cache / "clicking.log", cache / "clicking.json"
    log.unlink(missing_ok=True)
    about.write_text(json.dumps({"images": paths, "classes": material.classes, "log": str(log)}))
    with place(cache, PEER, {"CLICKING": str(about)}) as at, new_page(browser) as page:
        page.goto(at.server.address)
        person = Person(page, material)
        wait(page, 'settled() && drawn("[data-testid=stImage] img")')
        with watch() as seconds:
            for turn, path in enumerate(paths):
                person.look()
                person.click("[data-testid=stButton] button", truth[path])
                last = turn + 1 == count
                shown = "true" if last else 'drawn("[data-testid=stImage] img")'
                wait(page, f"document.body.textContent.includes(argument) && settled() && {shown}",
                     "Done." if last else f"image {turn + 1}")  # fmt: skip
    kept = [json.loads(line) for line in log.read_text().splitlines()]
    right = sum(truth[path] == name for path, name in kept)
    return Outcome(len(kept), right, seconds() - person.looked, person.looked, person.moved)


# --- the ways --------------------------------------------------------------------------------------------------------


def by_button(person: Person, count: int) -> None:
    """One click an image, on the Label screen's own buttons."""
    one_by_one(person, count, lambda name: person.click(".stage .classes .name", name))


def by_key(person: Person, count: int) -> None:
    """One key an image, on the Label screen."""
    one_by_one(person, count, person.press_class)


def one_by_one(person: Person, count: int, give: Callable[[str], None]) -> None:
    paths = dict(zip(person.tissue.table.paths, person.tissue.table.contents, strict=True))
    for _ in range(count):
        shown = person.ask(SHOWN)
        person.look()
        give(person.tissue.truth[paths[shown]])
        wait(person.page, f"{SHOWN} !== argument && {PICTURE}", shown)
    wait(person.page, 'deep(".stage .saved")[0].dataset.open === "0"')


def by_grid(person: Person, count: int) -> None:
    """A few labels of each class by key; then the answers class by class, the surest first, a screenful at a time.

    Where a screenful holds many odd ones they turn to the next class.
    """
    by_key(person, PER_CLASS * len(person.tissue.classes))
    person.click("[data-testid=stSidebarNavLink]", "Review")
    wait(person.page, f'head() === "Review" && {SETTLED}')
    sort(person, "Most certain first")
    for name in person.tissue.classes:
        before = person.ask(GRID)
        person.click(".rail .entry .name", name)
        answered(person.page, f"{GRID} !== argument && {SETTLED}", before)
        while take_screenful(person, name):
            pass


def by_lasso(person: Person, count: int) -> None:
    """Outline a part of the map, look through its images, take the odd ones out, one key; then the next part."""
    for cloud in clouds(person.tissue.points):
        outline(person, cloud)
        if name := most(person):
            take(person, name)
        else:
            person.look(len(sees(person)))


def by_glance(person: Person, count: int) -> None:
    """Outline a part of the map, look at the first screenful, one key for all; then the next part."""
    for cloud in clouds(person.tissue.points):
        outline(person, cloud)
        person.look(len(sees(person)))
        if name := most(person):
            give(person, ".map", name)


WAYS = (
    Way("own buttons", by_button, count=30),
    Way("key", by_key, count=60),
    Way("grid", by_grid),
    Way("lasso", by_lasso, "explore"),
    Way("lasso, a glance", by_glance, "explore"),
)


def take(person: Person, name: str) -> None:
    """Select all that the grid holds, look through it, take out what is not of the class, and give the rest its key."""
    person.page.locator(".grid .scroller").focus()
    person.press("a")
    last = -1
    while fresh := [tile for tile in sees(person) if tile[0] > last]:
        person.look(len(fresh))
        for position, shows in fresh:
            if shows != name:
                person.click_with_control(f'.grid .tile[data-position="{position}"]')
        last = fresh[-1][0]
        if person.ask(ENDED):
            break
        scroll_past(person, last)
    if person.ask('deep(".grid .tile[aria-selected=true]").length'):
        give(person, ".grid .scroller", name)


def most(person: Person) -> str:
    """The class of what can be seen, but for some odd ones; empty where they are many."""
    seen = sees(person)
    [(name, count)] = Counter(name for _, name in seen).most_common(1) or [("", 0)]
    return name if len(seen) - count <= ODD else ""


def take_screenful(person: Person, name: str) -> bool:
    """Give all that can be seen whole its key but for the odd ones; False where there are too many or nothing is."""
    seen = sees(person)
    person.look(len(seen))
    odd = [position for position, shows in seen if shows != name]
    if len(odd) > ODD or len(odd) == len(seen):
        return False
    person.page.locator(".grid .scroller").focus()
    person.press("v")
    for position in odd:
        person.click_with_control(f'.grid .tile[data-position="{position}"]')
    give(person, ".grid .scroller", name)
    return True


def sort(person: Person, order: str) -> None:
    """Have Review's answers in another order."""
    before = person.ask(GRID)
    for choice in (
        person.page.locator(".st-key-review-order").get_by_role("combobox"),
        person.page.get_by_role("option", name=order),
    ):
        person.reach(MOUSE, POINT + KEY)
        choice.click()
    answered(person.page, f"{GRID} !== argument && {SETTLED}", before)


def give(person: Person, where: str, name: str) -> None:
    """Press the key of a class and wait until the strip counts what it labelled."""
    before = person.ask(STRIP)
    person.page.locator(where).focus()
    person.press_class(name)
    answered(person.page, f"{STRIP} !== argument && settled()", before)


def answered(page: Page, condition: str, before: Any) -> None:
    """Wait for an answer, GIVEN_UP seconds at most: where nothing new is to be seen, a person goes on as well."""
    page.set_default_timeout(1000 * GIVEN_UP)
    with suppress(TooLate):
        wait(page, condition, before)
    page.set_default_timeout(PATIENCE)


def sees(person: Person) -> list[tuple[int, str]]:
    """The thumbnails that can be seen whole, once all are there: their places in the grid, and what they show."""
    tiles: list[dict[str, Any]] = [{"url": None}]
    while not all(tile["url"] for tile in tiles):  # others may come between two looks
        wait(person.page, f"settled() && {TILES}.every((tile) => tile.url)")
        tiles = person.ask(TILES)
    return [(tile["position"], person.tissue.truth[content(tile["url"])]) for tile in tiles]


def scroll_past(person: Person, position: int) -> None:
    """Bring what follows a tile to the top of the grid, or the end into sight, and wait for its pictures."""
    person.page.evaluate(f"(argument) => {{ {WORDS} {PAST}; }}", position)
    answered(person.page, f'{TILES}.some((tile) => tile.position > argument) && drawn(".grid .tile img")', position)


def outline(person: Person, cloud: Floats) -> None:
    """Draw a lasso around points [M 2] of the map and wait until the grid shows them."""
    before = person.ask(GRID)
    person.draw(on_screen(person.page, person.tissue.points, cloud))
    answered(person.page, f"{GRID} !== argument && {SETTLED}", before)


def content(url: str) -> str:
    """The content hash in the address of a thumbnail."""
    return url.rpartition("/")[2].partition(".")[0]
