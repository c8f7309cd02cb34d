"""The simulated person who labels: what they look at takes time, and so does what their hand does.

They know what an image shows once they have looked at it: LOOK seconds for one image, and for a screenful of thumbnails
LOOK and SCAN for each (searching a picture takes people 0.02 to 0.06 s an item: Wolfe, Psychological Science 1998,
https://doi.org/10.1111/1467-9280.00006). The page works on meanwhile, so these seconds are slept. The hand's seconds
are counted and not slept, by the keystroke-level model (Card, Moran and Newell, Communications of the ACM 1980,
https://doi.org/10.1145/358886.358895): KEY, POINT, HOME (from mouse to keyboard or back), and DRAW for each side of an
outline and CENTIMETRE of it. What is left of the time is the machine's own.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from typing import Any

from playwright.sync_api import Page

from tests.benchmarks.browser.apparatus import WORDS, click
from tests.browser.outline import Pixel, draw_lasso
from tests.browser.tissue import Tissue

LOOK, SCAN = 0.3, 0.05  # seconds: at an image or a screenful, and more for each thumbnail of it
KEY, POINT, HOME = 0.28, 1.1, 0.4  # seconds; a mouse button goes down like a key
DRAW, CENTIMETRE, SIDES = 0.9, 0.16, 4  # seconds, seconds, sides of an outline
PIXELS = 96 / 2.54  # of a centimetre
MOUSE, KEYBOARD = "mouse", "keyboard"


@dataclass
class Person:
    """Somebody at one page: how long they looked so far, and how long their hand was busy."""

    page: Page
    tissue: Tissue
    looked: float = 0.0  # seconds
    moved: float = 0.0  # seconds
    holds: str = KEYBOARD

    def look(self, thumbnails: int = 0) -> None:
        """Look at an image, or at so many thumbnails."""
        seconds = LOOK + SCAN * thumbnails
        self.looked += seconds
        time.sleep(seconds)

    def press(self, key: str) -> None:
        """Press a key, or several joined by +, where the page has its focus."""
        self.reach(KEYBOARD, KEY * (1 + key.count("+")))
        self.page.keyboard.press(key)

    def press_class(self, name: str) -> None:
        """Press the key of a class."""
        self.press(str(self.tissue.classes.index(name) + 1))

    def click(self, selector: str, text: str = "") -> None:
        """Point at the first such thing that holds the text, and click it."""
        self.reach(MOUSE, POINT + KEY)
        click(self.page, selector, text)

    def click_with_control(self, selector: str) -> None:
        """Point at the first such thing, and click it with Ctrl held down."""
        self.reach(MOUSE, POINT + KEY)
        event = 'new MouseEvent("click", { bubbles: true, composed: true, ctrlKey: true })'
        self.page.evaluate(f"(selector) => {{ {WORDS} deep(selector)[0].dispatchEvent({event}); }}", selector)

    def draw(self, corners: Sequence[Pixel]) -> None:
        """Take the lasso by its key and draw it through all corners."""
        around = [*corners, corners[0]]
        length = sum(dist(one, other) for one, other in itertools.pairwise(around)) / PIXELS
        self.reach(KEYBOARD, KEY)
        self.reach(MOUSE, POINT + KEY + SIDES * DRAW + length * CENTIMETRE)
        draw_lasso(self.page, corners)

    def reach(self, device: str, seconds: float) -> None:
        """Bring the hand to a device, and count what it does there."""
        self.moved += seconds + HOME * (device != self.holds)
        self.holds = device

    def ask(self, what: str) -> Any:
        """What the page says of itself, in JavaScript with the apparatus's words."""
        return self.page.evaluate(f"() => {{ {WORDS} return {what}; }}")
