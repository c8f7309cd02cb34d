"""The browser's part of a tab: hears what happens elsewhere, remembers who labels, copies the address (tab.js)."""

from __future__ import annotations

from urllib.parse import quote

from dashboard import links
from dashboard.components.bundle import read_component
from engine.project import Project

COOKIE = "handful-who"  # holds the annotator's name, for all tabs of a browser and for a year


def browser_tab(project: Project, version: str, who: str, key: str) -> None:
    """Draw the button that copies the address; the script runs again soon after labels or the job at work have changed.

    It asks for their version every other second while the tab can be seen, a few bytes; where that has changed it
    waits until the person neither types nor drags, then runs the script.

    Args:
        version: of the labels and the job that this run shows, as the server told it.
        who: the annotator's name to remember; "" to leave what is remembered.
    """
    mount = read_component("tab", shared=("theme.css", "dom.js"))
    data = {"url": links.version_url(project), "version": version, "cookie": COOKIE, "who": quote(who, safe="")}
    mount(key=key, data=data, width="content", on_news_change=_nothing)


def _nothing() -> None:
    """A trigger wants a callback; the run that it starts is all there is to do."""
