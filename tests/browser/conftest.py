"""A real browser and a real dashboard, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from engine.home import remember_project
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, open_project
from tests.browser.chromium import ARGUMENTS, find_browser
from tests.browser.component_page import ACROSS, DOWN
from tests.browser.embedded import put_embedding

ROOT = Path(__file__).parents[2]
SIZE = {"width": 1400, "height": 900}
PATIENCE = 60  # seconds until a server must answer


@dataclass
class Dashboard:
    """A dashboard server on 127.0.0.1 that a test may kill and start again."""

    port: int
    log: Path
    script: str = "dashboard/server.py"
    environment: Mapping[str, str] = field(default_factory=dict)  # variables beside those of the tests
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, screen: str = "", project: Path | None = None) -> str:
        return f"{self.address}/{screen}" + (f"?project={quote(str(project))}" if project else "")

    def start(self) -> None:
        options = ["--server.address", "127.0.0.1", "--server.port", str(self.port), "--server.headless", "true"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", self.script, *options],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment},
                stdout=log,
                stderr=log,
            )
        wait_until_it_answers(f"{self.address}/_stcore/health", PATIENCE, self.log)

    def kill(self) -> None:
        """kill -9, as a crash would."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def wait_until_it_answers(address: str, seconds: float, log: Path) -> None:
    """Wait for a server that was started.

    Raises:
        TimeoutError: there was no answer in so many seconds; with the end of its log.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urlopen(address, timeout=1):
                return
        except (URLError, TimeoutError, ConnectionError):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer from {address}: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have a browser: install Debian's chromium")
        pytest.skip("no Chromium or Chrome on this machine; install one to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages of 1400x900 (or with other options of a browser context); closes them at the end."""
    contexts = []

    def make(**options: object) -> Page:
        context = browser.new_context(**{"viewport": SIZE, **options})  # type: ignore[arg-type]
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[Dashboard]:
    """A running dashboard of a user whose home all temporary folders are: ~/home0/projects, ~/material0, …"""
    home = Path(os.environ["HANDFUL_HOME"]).parent
    server = Dashboard(free_port(), tmp_path / "server.log", environment={"HOME": str(home)})
    server.start()
    yield server
    if server.process and server.process.poll() is None:
        server.process.terminate()
        server.process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """One dashboard for all tests that only look at projects of their own."""
    server = Dashboard(free_port(), tmp_path_factory.mktemp("server") / "server.log")
    server.start()
    yield server
    assert server.process
    server.process.terminate()
    server.process.wait(timeout=20)


@pytest.fixture(scope="session")
def lattice(prepared_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose map is a lattice; images 20 and 21 are labelled tumour and 30 stroma, by ana."""
    project = open_project(shutil.copytree(prepared_project.root, tmp_path_factory.mktemp("lattice") / "project"))
    table, rows = read_table(project), np.arange(ACROSS * DOWN)
    vectors = np.random.default_rng(0).normal(size=(len(table), 4))
    put_embedding(project, "some", vectors, np.stack([rows % ACROSS, rows // ACROSS], axis=1))
    store = LabelStore(project)
    for name, labelled in (("tumour", [20, 21]), ("stroma", [30])):
        store.label(list(table.ids[labelled]), store.add_class(name, "ana").id, "ana", "key")
    remember_project(project.root)
    return project


@pytest.fixture(scope="session")
def component_server(lattice: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """Serves component_app.py over the lattice."""
    folder = tmp_path_factory.mktemp("server")
    variables = {"COMPONENT_PROJECT": str(lattice.root), "COMPONENT_LOG": str(folder / "events.jsonl")}
    server = Dashboard(free_port(), folder / "server.log", "tests/browser/component_server.py", variables)
    server.start()
    yield server
    assert server.process
    server.process.terminate()
    server.process.wait(timeout=20)


@pytest.fixture
def events(component_server: Dashboard) -> Callable[[], list[dict[str, Any]]]:
    """What Python has been told since the test began."""
    log = Path(component_server.environment["COMPONENT_LOG"])
    log.write_text("")
    return lambda: [json.loads(line) for line in log.read_text().splitlines()]


@pytest.fixture
def show(page: Page, component_server: Dashboard) -> Callable[..., Locator]:
    """show("map") or show("grid", rows=1000) opens what component_app.py offers and waits until it is drawn."""

    def open_page(what: str, **options: object) -> Locator:
        query = "&".join(f"{name}={value}" for name, value in {"show": what, **options}.items())
        page.goto(f"{component_server.address}/?{query}")
        page.locator(".frame.loaded" if what == "grid" else ".map[data-ready]").first.wait_for()
        return page.locator(".grid" if what == "grid" else ".map")

    return open_page
