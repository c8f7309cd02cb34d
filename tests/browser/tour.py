"""The animated tour of the README, filmed from the real app: python -m tests.browser.tour OUT.webp

Outline a part of the map, label it by key, see all answers change, review, accept, export. Frames are screenshots with
a pointer, the keys pressed and a line of words drawn over the page; held for as long as a reader needs.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_browser
from tests.browser.conftest import Dashboard, free_port
from tests.browser.outline import Pixel, clouds, on_screen
from tests.browser.tissue import Tissue, tissue
from tests.browser.visitor import Visitor

IMAGES = 600
SIZE = {"width": 1300, "height": 840}  # of the window, pixels
WIDTH = 900  # of the film, pixels
QUALITY = 55  # of WebP, 0 to 100
LARGEST = 3_000_000  # bytes
STEP = 70  # milliseconds of a frame while the pointer moves
PARTS = 12  # of the map
LABELLED = 3  # of these are labelled by lasso
OVERLAY = """() => {
    const make = (id, style) => Object.assign(document.body.appendChild(document.createElement("div")), {id, style});
    make("tour-words", `position: fixed; left: 50%; bottom: 22px; transform: translateX(-50%); z-index: 1000000;
        padding: 10px 22px; border-radius: 22px; background: #2b2333; color: #fff;
        font: 600 19px "Source Sans", sans-serif; box-shadow: 0 4px 18px #0004; white-space: nowrap`);
    make("tour-key", `position: fixed; z-index: 1000000; padding: 8px 18px; border-radius: 9px; background: #fff;
        border: 2px solid #7a5cc0; border-bottom-width: 5px; font: 700 26px monospace; color: #2b2333; display: none`);
    make("tour-pointer", `position: fixed; z-index: 1000001; width: 0; height: 0; pointer-events: none`);
    document.getElementById("tour-pointer").innerHTML = `<svg width="22" height="30" viewBox="0 0 22 30"><path
        d="M1 1v22l5.500-5 4 9.500 4-1.700-4-9.300h7.500z" fill="#fff" stroke="#2b2333" stroke-width="1.600"/></svg>`;
    for (const id of ["tour-words", "tour-key"]) document.getElementById(id).style.pointerEvents = "none";
}"""


@dataclass
class Film:
    """Frames of one page, each with the milliseconds it is shown."""

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    lasting: list[int] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Change the line of words under the page."""
        self.set("words", "textContent", words)

    def set(self, name: str, what: str, value: str) -> None:
        script = "([name, what, value]) => { document.getElementById(`tour-${name}`)[what] = value; }"
        self.page.evaluate(script, [name, what, value])

    def style(self, name: str, style: dict[str, str]) -> None:
        script = "([name, style]) => Object.assign(document.getElementById(`tour-${name}`).style, style)"
        self.page.evaluate(script, [name, style])

    def hold(self, milliseconds: int) -> None:
        """Show the page as it is."""
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        self.frames.append(shot.resize((WIDTH, round(WIDTH * shot.height / shot.width)), Image.Resampling.LANCZOS))
        self.lasting.append(milliseconds)

    def point(self, place: Pixel, steps: int = 1) -> None:
        """Move the mouse, and the pointer that is drawn for it."""
        self.page.mouse.move(*place, steps=steps)
        self.style("pointer", {"left": f"{place[0]}px", "top": f"{place[1]}px"})

    def press(self, key: str, place: Pixel) -> None:
        """Press a key, shown beside a place."""
        self.set("key", "textContent", key)
        self.style("key", {"display": "block", "left": f"{place[0] + 24}px", "top": f"{place[1] - 18}px"})
        self.hold(600)
        self.page.keyboard.press(key)
        self.hold(300)
        self.style("key", {"display": "none"})

    def click(self, name: str) -> None:
        """Point at a button and click it."""
        button = self.page.get_by_role("button", name=name).first
        box = button.bounding_box()
        assert box
        self.point((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
        self.hold(700)
        button.click()

    def save(self, path: Path) -> int:
        """Write the animation; returns its bytes."""
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=self.lasting, loop=0, quality=QUALITY, method=4)
        return path.stat().st_size


def main(out: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(os.environ.get("HANDFUL_TOUR", folder)).resolve()  # a folder that is kept spares drawing anew
        cache.mkdir(parents=True, exist_ok=True)
        environment = {"HANDFUL_HOME": str(cache / "home"), "HANDFUL_ROOTS": str(cache)}
        os.environ.update(environment)
        material = tissue(cache, IMAGES, "tour")
        server = Dashboard(free_port(), cache / "tour.log", environment=environment)
        server.start()
        try:
            film = shoot(server, material, cache)
        finally:
            server.kill()
    size, seconds = film.save(out), sum(film.lasting) / 1000
    print(f"{out}: {len(film.frames)} frames, {seconds:.1f} s, {size / 1e6:.2f} MB")
    return int(size > LARGEST)


def shoot(server: Dashboard, material: Tissue, cache: Path) -> Film:
    """All of it, in one go."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        visitor, film = Visitor(page, cache), Film(page)
        page.goto(f"{server.url('explore', material.project.root)}&who=Dr+Demo")
        visitor.map.wait_for()
        visitor.settle()
        page.evaluate(OVERLAY)
        map_and_labels(film, visitor, material)
        review_and_export(film, visitor)
        browser.close()
    return film


def map_and_labels(film: Film, visitor: Visitor, material: Tissue) -> None:
    """Outline and label some parts of the map, each of another class."""
    film.say(f"{IMAGES} images, not one labelled. Those that are alike lie together.")
    film.point((700, 500))
    film.hold(2200)
    for turn, (cloud, name) in enumerate(parts(material)):
        corners = on_screen(film.page, material.points, cloud)
        film.say("Draw around some …")
        outline(film, corners, every=1 if turn == 0 else 3)
        visitor.settle()
        visitor.page.wait_for_timeout(800)
        film.say(f"… see them side by side, and press one key: {name}")
        film.hold(1500 if turn == 0 else 700)
        film.press(str(material.classes.index(name) + 1), corners[0])
        visitor.settle()
        if turn == 1:
            film.say("From two classes on, every other image has an answer at once.")
        film.hold(1500 if turn == 1 else 700)
    film.page.locator(".map").focus()
    film.page.keyboard.press("Escape")
    visitor.settle()
    film.page.wait_for_timeout(500)
    film.hold(1500)


def review_and_export(film: Film, visitor: Visitor) -> None:
    """Accept what is sure, write it to a file."""
    visitor.go("Review")
    film.page.locator(".tile img").first.wait_for()
    film.page.wait_for_timeout(1000)
    film.say("Look the answers over, the doubtful first …")
    film.hold(2000)
    film.say("… and accept those that are sure.")
    film.click("Accept")
    visitor.settle()
    film.page.wait_for_timeout(700)
    film.hold(1300)
    visitor.go("Export")
    film.say("Export: every label says who gave it, when and how.")
    film.hold(900)
    film.page.locator("[data-testid=stMain] [data-testid=stButton] button").last.scroll_into_view_if_needed()
    film.click("Export")
    visitor.settle()
    film.page.wait_for_timeout(700)
    film.hold(2200)


def outline(film: Film, corners: list[Pixel], every: int) -> None:
    """Draw a lasso, a frame for each `every`th corner."""
    film.page.locator(".map").focus()
    film.page.keyboard.press("l")
    film.point(corners[0])
    film.page.mouse.down()
    for place, corner in enumerate([*corners[1:], corners[0]]):
        film.point(corner, steps=3)
        if place % every == 0:
            film.hold(STEP)
    film.page.mouse.up()


def parts(material: Tissue) -> list[tuple[object, str]]:
    """The purest parts of the map, one for each of a few classes, with the class most of its images are of."""
    where = {
        tuple(point): content
        for point, content in zip(material.points.astype(float), material.table.contents, strict=True)
    }
    found = []
    for cloud in clouds(material.points, PARTS):
        shows = Counter(material.truth[where[tuple(point)]] for point in cloud)
        name, count = shows.most_common(1)[0]
        found.append((count / len(cloud), len(cloud), cloud, name))
    chosen: dict[str, object] = {}
    for share, _, cloud, name in sorted(found, key=lambda part: (-round(part[0], 1), -part[1])):
        if share > 0 and len(chosen) < LABELLED:
            chosen.setdefault(name, cloud)
    return [(cloud, name) for name, cloud in chosen.items()]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
