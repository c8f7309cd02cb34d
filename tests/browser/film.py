"""A film of a page: screenshots, each shown for as long as a reader needs, with pointer, keys and a line of words.

The words stand on a band of their own under the page, so that they never cover what they speak of. The pointer is
drawn; the mouse itself goes only where something is done, lest what it passes on the way should answer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page

from engine.files import write_atomically

BAND = 54  # pixels of the words' band
QUALITY = 80  # of WebP, 0 to 100
STEP = 60  # milliseconds of a frame while the pointer moves
STRIDE = 100  # pixels that the pointer goes in a frame, at most
LONGEST = 6  # frames of any way
Pixel = tuple[float, float]
DRESS = """(band) => {
    const ink = "#2b2333", paper = "#fff";
    const style = document.head.appendChild(document.createElement("style"));
    style.textContent = `
        .stApp { bottom: ${band}px !important; height: auto !important; }
        :is([data-testid=stAppViewContainer] > *, [data-testid=stMain]) { height: 100% !important; }
        #film-words { position: fixed; inset: auto 0 0 0; height: ${band}px; z-index: 1000000;
            text-align: center; background: ${ink}; color: ${paper};
            font: 600 22px/${band}px "Source Sans", sans-serif; }
        #film-key { position: fixed; z-index: 1000001; min-width: 44px; padding: 5px 13px 6px; box-sizing: border-box;
            text-align: center; border-radius: 9px; background: ${paper}; border: 2px solid ${ink}; color: ${ink};
            font: 700 24px/1.25 "Source Sans", sans-serif; box-shadow: 0 4px 0 ${ink}, 0 8px 18px #0003; }
        #film-key.down { transform: translateY(4px); background: #7a5cc0; color: ${paper}; box-shadow: none; }
        #film-pointer { position: fixed; z-index: 1000002; width: 0; height: 0; }
        #film-pointer svg { position: absolute; left: -2px; top: -2px; filter: drop-shadow(0 2px 3px #0005); }
        #film-pointer.down::before { content: ""; position: absolute; inset: -17px auto auto -17px;
            width: 34px; height: 34px; box-sizing: border-box;
            border-radius: 50%; background: #7a5cc055; border: 2px solid #7a5cc0; }
        #film-words, #film-key, #film-pointer { pointer-events: none; }`;
    for (const name of ["words", "key", "pointer"])
        Object.assign(document.body.appendChild(document.createElement("div")), { id: `film-${name}` });
    document.getElementById("film-key").hidden = true;
    document.getElementById("film-pointer").innerHTML = `<svg width="26" height="36" viewBox="0 0 22 30">
        <path d="M1 1v22l5.500-5 4 9.500 4-1.700-4-9.300h7.500z"
            fill="${paper}" stroke="${ink}" stroke-width="1.600"/></svg>`;
}"""


@dataclass
class Film:
    """Frames of one page, each with the milliseconds it is shown."""

    page: Page
    width: int  # pixels of a frame
    at: Pixel = (0.0, 0.0)  # where the pointer is drawn
    frames: list[Image.Image] = field(default_factory=list)
    lasting: list[int] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum(self.lasting) / 1000

    def begin(self, at: Pixel) -> None:
        """Lay band and pointer over the page."""
        self.page.evaluate(DRESS, BAND)
        self._put("pointer", at)
        self.at = at

    def say(self, words: str) -> None:
        """Change the line of words."""
        self.page.evaluate("(words) => { document.getElementById('film-words').textContent = words; }", words)

    def hold(self, milliseconds: int) -> None:
        """Show the page as it is; longer, if it looks as it did."""
        shot = Image.open(io.BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        size = (self.width, round(self.width * shot.height / shot.width))
        frame = shot.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        if self.frames and frame == self.frames[-1]:
            self.lasting[-1] += milliseconds
            return
        self.frames.append(frame)
        self.lasting.append(milliseconds)

    def go(self, place: Pixel) -> None:
        """Draw the pointer's way to a place, quick in the middle and slow at both ends."""
        (from_x, from_y), (x, y) = self.at, place
        steps = min(LONGEST, int(max(abs(x - from_x), abs(y - from_y)) // STRIDE) + 2)
        for step in range(1, steps + 1):
            share = step / steps
            eased = share * share * (3 - 2 * share)
            self._put("pointer", (from_x + (x - from_x) * eased, from_y + (y - from_y) * eased))
            self.hold(STEP)
        self.at = place

    def drag(self, corners: Sequence[Pixel], every: int) -> None:
        """Go to the first corner and drag through all of them and back, a frame for each `every`th."""
        self.go(corners[0])
        self.page.mouse.move(*corners[0])
        self.page.mouse.down()
        for count, corner in enumerate([*corners[1:], corners[0]], start=1):
            self.page.mouse.move(*corner, steps=3)
            self._put("pointer", corner)
            if count % every == 0 or count == len(corners):
                self.hold(STEP)
        self.page.mouse.up()
        self.at = corners[0]
        self.rest()

    def click(self, target: Locator) -> None:
        """Go to something and click it."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box, "what is to be clicked is not on the page"
        self.go((box["x"] + min(box["width"] / 2, 90), box["y"] + box["height"] / 2))
        target.hover()
        self.hold(250)
        self._down("pointer", down=True)
        self.hold(180)
        self._down("pointer", down=False)
        target.click()
        self.rest()

    def press(self, key: str, name: str, wait: int = 500) -> None:
        """Press a key, shown beside the pointer as `name`, up and then down."""
        self._put("key", (self.at[0] + 34, self.at[1] - 12))
        self.page.evaluate(
            "(name) => Object.assign(document.getElementById('film-key'), { hidden: false, textContent: name })", name
        )
        self.hold(wait)
        self._down("key", down=True)
        self.hold(220)
        self.page.keyboard.press(key)
        self._down("key", down=False)
        self.page.evaluate("() => { document.getElementById('film-key').hidden = true; }")

    def rest(self) -> None:
        """Take the mouse off the page, to the band, where nothing answers it."""
        size = self.page.viewport_size
        assert size
        self.page.mouse.move(size["width"] - 4, size["height"] - 4)

    def save(self, path: Path) -> int:
        """Write the animation, all of it or nothing; returns its bytes."""
        first, *others = self.frames
        form: dict[str, Any] = {"duration": self.lasting, "loop": 0, "quality": QUALITY, "method": 6}
        write_atomically(path, lambda file: first.save(file, "WEBP", save_all=True, append_images=others, **form))
        return path.stat().st_size

    def _put(self, name: str, place: Pixel) -> None:
        script = """([name, x, y]) => Object.assign(
            document.getElementById(`film-${name}`).style, { left: `${x}px`, top: `${y}px` })"""
        self.page.evaluate(script, [name, *place])

    def _down(self, name: str, *, down: bool) -> None:
        script = "([name, down]) => document.getElementById(`film-${name}`).classList.toggle('down', down)"
        self.page.evaluate(script, [name, down])
