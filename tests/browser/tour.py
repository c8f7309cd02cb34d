"""The animated tour of the README, filmed from the real app: python -m tests.browser.tour OUT.webp

Outline a part of the map, see it, name it by key; all other images answer; review, accept, export. Numbers in the words
are read off the page, and each step waits for what it claims. HANDFUL_TOUR=FOLDER keeps the material there.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from engine.types import Floats
from tests.browser.chromium import ARGUMENTS, find_browser
from tests.browser.conftest import Dashboard, free_port
from tests.browser.film import BAND, Film
from tests.browser.outline import clouds, on_screen
from tests.browser.tissue import Tissue, tissue
from tests.browser.visitor import Visitor

IMAGES = 600
SIZE = {"width": 1180, "height": 840 + BAND}  # of the window, pixels
WIDTH = 900  # of the film, pixels
LARGEST = 3_000_000  # bytes
PARTS = 24  # of the map at first, so that each class has one that shows nothing else
FEWEST = 5  # images of such a part
ORDER = ("tumour", "lymphocytes", "normal glands", "stroma", "necrosis", "adipose")
LOADED = "(pictures) => pictures.length > 0 && pictures.every((one) => one.complete && one.naturalWidth > 0)"


def main(out: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(os.environ.get("HANDFUL_TOUR", folder)).resolve()
        cache.mkdir(parents=True, exist_ok=True)
        os.environ.update({"HANDFUL_HOME": str(cache / "home"), "HANDFUL_ROOTS": str(cache)})
        material = tissue(cache, IMAGES, "tour")
        server = Dashboard(free_port(), cache / "tour.log", environment={"HOME": str(cache)})  # paths are said as ~/…
        server.start()
        try:
            film = shoot(server, material)
        finally:
            server.kill()
    size = film.save(out)
    print(f"{out}: {len(film.frames)} frames, {film.seconds:.1f} s, {size / 1e6:.2f} MB")
    return int(size > LARGEST)


def shoot(server: Dashboard, material: Tissue) -> Film:
    """All of it, in one go."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        visitor, film = Visitor(page, Path()), Film(page, WIDTH)
        page.goto(f"{server.url('explore', material.project.root)}&who=Dr+Demo")
        visitor.map.wait_for()
        film.begin((SIZE["width"] * 0.45, SIZE["height"] * 0.55))
        still(visitor)
        name_the_classes(film, visitor, material)
        review(film, visitor)
        export(film, visitor)
        browser.close()
    return film


def still(visitor: Visitor) -> None:
    """Until nothing runs and every picture in sight has come."""
    visitor.settle()
    pictures = visitor.page.locator(".tile img")
    visitor.page.wait_for_timeout(300)  # the map draws names and panels once it has stood still
    for _ in range(100):
        if not pictures.count() or pictures.evaluate_all(LOADED):
            return
        visitor.page.wait_for_timeout(100)
    raise AssertionError("some thumbnails never came")


def name_the_classes(film: Film, visitor: Visitor, material: Tissue) -> None:
    """Outline and name a part of the map for each class."""
    film.say(f"{IMAGES} images, not one labelled. Those that look alike lie together.")
    show_on_map(film, visitor, "t")
    film.hold(2600)
    show_on_map(film, visitor, "t", pressed=True)
    film.hold(300)
    for turn, (name, cloud) in enumerate(parts(material).items()):
        outline_and_name(film, visitor, material, turn, name, cloud)
    labelled = counted(visitor, r"([\d,]+) labelled")
    film.say(f"{labelled} labelled in {len(ORDER)} strokes; the other {IMAGES - labelled} have answers.")
    film.go(aside(visitor))
    show_on_map(film, visitor, "n", pressed=True)
    film.hold(2200)


def outline_and_name(film: Film, visitor: Visitor, material: Tissue, turn: int, name: str, cloud: Floats) -> None:
    """The first at leisure, the second to see what follows from it, the others quickly."""
    area, key = visitor.map, str(material.classes.index(name) + 1)
    film.say(("Draw around some …", "… then around some of another kind …")[turn] if turn < 2 else "… and the next …")
    area.focus()
    film.page.keyboard.press("l")
    corners = on_screen(film.page, material.points, cloud)
    film.drag(corners, every=1 if turn < 2 else 2)
    expect(area.locator(".amount")).to_contain_text("selected")
    still(visitor)
    film.say(f"… see them side by side, and one key names them all: {name}." if turn == 0 else f"… {name}.")
    film.go((max(x for x, _ in corners) + 24, sum(y for _, y in corners) / len(corners)))  # off what was outlined
    film.hold((2000, 500)[turn] if turn < 2 else 150)
    film.press(key, key, wait=700 if turn == 0 else 350)
    expect(visitor.page.locator(".strip")).to_contain_text("labelled")
    still(visitor)
    if turn == 0:
        film.hold(1200)
        return
    area.focus()
    film.page.keyboard.press("Escape")
    expect(area.locator(".selection")).to_be_hidden()
    still(visitor)
    if turn == 1:
        film.say("From two classes on, every other image has an answer at once.")
    film.hold(2300 if turn == 1 else 600)


def aside(visitor: Visitor) -> tuple[float, float]:
    """A place on the map where nothing lies."""
    box = visitor.map.bounding_box()
    assert box
    return box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.85


def show_on_map(film: Film, visitor: Visitor, key: str, *, pressed: bool = False) -> None:
    """Turn thumbnails (T) or names (N) on the map on or off; where it is filmed the key is shown."""
    visitor.map.focus()
    if pressed:
        film.press(key, key.upper())
    else:
        film.page.keyboard.press(key)
    still(visitor)


def review(film: Film, visitor: Visitor) -> None:
    """Look at the doubtful, accept the sure."""
    go(film, visitor, "Review")
    film.say("Review: the least certain answers come first.")
    film.hold(2100)
    film.say("Those that are sure are accepted together.")
    film.click(film.page.get_by_role("button", name=re.compile(r"Accept [\d,]+ sure images")))
    visitor.strip_says("accepted")
    still(visitor)
    accepted = counted(visitor, r"([\d,]+)\s+pseudo-labels")
    film.say(f"{accepted} accepted at once. The others wait for a second look.")
    film.hold(1800)


def export(film: Film, visitor: Visitor) -> None:
    """Write the labels, and see how each came about."""
    go(film, visitor, "Export")
    film.say("Export: every row says how its label came about, by whom and when.")
    film.hold(600)
    film.click(film.page.get_by_test_id("stMain").get_by_role("button", name=re.compile("Export$")))
    visitor.says("images written to")
    still(visitor)
    film.page.get_by_test_id("stTextInput").first.evaluate(  # below the strip
        "(field) => { field.style.scrollMarginTop = '60px'; field.scrollIntoView({ block: 'start' }); }"
    )
    film.page.wait_for_timeout(500)
    film.go((SIZE["width"] * 0.97, SIZE["height"] * 0.85))
    film.hold(3300)


def counted(visitor: Visitor, what: str) -> int:
    """A number that the strip at the top of the page says."""
    strip = visitor.page.locator(".strip").inner_text()
    found = re.search(what, strip)
    assert found, f"the strip does not say {what}: {strip}"
    return int(found[1].replace(",", ""))


def go(film: Film, visitor: Visitor, screen: str) -> None:
    """To another screen, by its link."""
    film.click(film.page.get_by_test_id("stSidebarNav").get_by_role("link", name=screen, exact=True))
    expect(film.page.get_by_role("heading", name=screen, exact=True)).to_be_visible()
    still(visitor)


def parts(material: Tissue) -> dict[str, Floats]:
    """For each class a part of the map that shows it alone, the largest there is, smaller where the map is mixed."""
    points = map(tuple, material.points.astype(float))
    shows = {point: material.truth[content] for point, content in zip(points, material.table.contents, strict=True)}
    chosen: dict[str, Floats] = {}
    for count in (PARTS, 2 * PARTS, 3 * PARTS, 4 * PARTS):
        for cloud in sorted(clouds(material.points, count), key=len, reverse=True):
            kinds = Counter(shows[tuple(point)] for point in cloud)
            if len(kinds) == 1 and len(cloud) >= FEWEST:
                chosen.setdefault(*kinds, cloud)
    assert set(chosen) == set(ORDER), f"of some class no part is pure: {set(ORDER) - set(chosen)}"
    return {name: chosen[name] for name in ORDER}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
