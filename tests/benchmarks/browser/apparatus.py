"""What every measurement stands on: a server with a home of its own, a browser, the clock of the page, memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_browser
from tests.browser.conftest import SIZE, Dashboard, free_port

PATIENCE = 300_000  # milliseconds that one step may take
EVERY = 30  # milliseconds between two looks whether it has ended: a look in every frame would slow the page
WHO = "bench"
STRIP = "document.querySelector('.strip')?.textContent"  # JavaScript: the project in one line, with what is labelled
# What a condition may say: no script runs and nothing is stale; what is in sight of a thing is there, pictures loaded.
WORDS = """
const deep = (selector, root = document) => [...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].filter((one) => one.shadowRoot).flatMap((one) => deep(selector, one.shadowRoot))];
const seen = (one) => { const box = one.getBoundingClientRect(); return box.width > 0 && box.bottom > 0
  && box.top < innerHeight && box.right > 0 && box.left < innerWidth; };
const whole = (one) => one.tagName !== "IMG" || (one.complete && one.naturalWidth > 0);
const drawn = (selector) => { const found = deep(selector).filter(seen);
  return found.length > 0 && found.every(whole); };
const settled = () => document.querySelector(".stApp")?.dataset.testScriptState === "notRunning"
  && !document.querySelector("[data-stale=true], [data-testid=stSpinner], [data-testid=stSkeleton]");
const head = () => document.querySelector("[data-testid=stMain] h1")?.textContent.trim();
"""


@dataclass(frozen=True)
class Place:
    """A server to visit."""

    server: Dashboard

    def address(self, screen: str, project: Path) -> str:
        return f"{self.server.url(screen, project)}&who={WHO}"

    def process(self) -> psutil.Process:
        assert self.server.process
        return psutil.Process(self.server.process.pid)

    def memory(self) -> float:
        """Megabytes that the server's process holds."""
        return float(self.process().memory_info().rss) / 2**20

    def work(self) -> float:
        """Seconds of a processor that the server has used so far."""
        used = self.process().cpu_times()
        return float(used.user + used.system)


@contextmanager
def place(cache: Path, script: str = "dashboard/server.py", more: Mapping[str, str] | None = None) -> Iterator[Place]:
    """A fresh server that may open what lies in the cache folder."""
    environment = {"HANDFUL_HOME": str(cache / "home"), "HANDFUL_ROOTS": str(cache), "OMP_NUM_THREADS": "1"}
    server = Dashboard(free_port(), cache / "server.log", script, {**environment, **(more or {})})
    server.start()
    try:
        yield Place(server)
    finally:
        server.kill()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser.

    Raises:
        RuntimeError: none is installed.
    """
    path = find_browser()
    if path is None:
        raise RuntimeError("No Chromium or Chrome can be found; install one to run this benchmark.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """A page that has no memory of others; closed at the end."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        yield page
    finally:
        context.close()


def wait(page: Page, condition: str, argument: Any = None) -> float:
    """Wait until a condition holds, in JavaScript with WORDS and `argument`; the page's clock then, in seconds."""
    script = f"(argument) => {{ {WORDS} return ({condition}) ? performance.now() : 0; }}"
    return float(page.wait_for_function(script, arg=argument, polling=EVERY).json_value()) / 1000


def click(page: Page, selector: str, text: str = "") -> float:
    """Click the first such thing that holds the text, from within the page; the page's clock just before, seconds."""
    script = f"""([selector, text]) => {{ {WORDS} const began = performance.now();
        deep(selector).find((one) => one.textContent.trim().endsWith(text)).click(); return began; }}"""
    return float(page.evaluate(script, [selector, text])) / 1000


def heap(page: Page) -> float:
    """Megabytes of the page's JavaScript objects that are in use, after what is not was collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used) / 2**20


@contextmanager
def watch() -> Iterator[Callable[[], float]]:
    """A stopwatch: what is called for its seconds, which stand still from the end on."""
    began, ended = time.perf_counter(), 0.0
    yield lambda: (ended or time.perf_counter()) - began
    ended = time.perf_counter()
