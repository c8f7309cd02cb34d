"""What the tour is filmed with: still pages take one frame, and what the pointer is seen to do is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.film import BAND, Film

pytestmark = pytest.mark.browser

PAGE = """<button style="position: fixed; left: 200px; top: 90px" onclick="document.title += '!'">Save</button>
<input style="position: fixed; left: 20px; top: 20px">"""


def test_a_film_shows_what_was_done_for_as_long_as_was_said(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 400, "height": 200 + BAND})
    page.set_content(PAGE)
    film = Film(page, width=200)
    film.begin((20.0, 150.0))
    film.say("Save it …")
    film.hold(100)
    film.hold(50)
    assert film.lasting == [150]  # nothing has changed: one frame
    film.click(page.get_by_role("button"))
    assert page.title() == "!"
    page.locator("input").focus()
    film.press("b", "B")
    assert page.locator("input").input_value() == "b"
    film.save(tmp_path / "film.webp")
    with Image.open(tmp_path / "film.webp") as saved:
        assert saved.size == (200, (200 + BAND) // 2)
        assert saved.n_frames == len(film.frames) > 5  # type: ignore[attr-defined]


def test_a_film_that_cannot_be_written_whole_leaves_the_old_one(page: Page, tmp_path: Path) -> None:
    old = tmp_path / "film.webp"
    old.write_bytes(b"the old film")
    film = Film(page, width=200, frames=[Image.new("RGB", (8, 8)), Image.new("RGB", (9, 9))], lasting=[60, 60])
    with pytest.raises(RuntimeError):
        film.save(old)
    assert old.read_bytes() == b"the old film"
    assert list(tmp_path.iterdir()) == [old]
