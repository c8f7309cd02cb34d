"""A click on a page that is still being drawn reaches what was clicked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Dashboard, free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def row(tmp_path: Path) -> Iterator[Dashboard]:
    server = Dashboard(free_port(), tmp_path / "server.log", "tests/browser/overtaking_app.py")
    server.start()
    yield server
    server.kill()


def test_a_button_that_made_way_moves_nothing_when_the_next_is_clicked(page: Page, row: Dashboard) -> None:
    page.goto(row.address)
    page.get_by_role("button", name="First").click()
    second = page.get_by_role("button", name="Second")
    expect(second).to_be_visible()
    expect(page.get_by_role("button", name="First")).to_be_focused()  # it lingers: who works by keys loses no place
    box = second.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(100)  # a finger is no script: it takes a tenth of a second
    page.mouse.up()
    expect(page.get_by_text("Pressed: First, Second.")).to_be_visible()
