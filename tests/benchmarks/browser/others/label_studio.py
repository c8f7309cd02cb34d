"""Label Studio (https://labelstud.io, Apache 2.0) with a project of images to be sorted into classes by key.

Its fastest way for this: a class's digit checks it, Ctrl+Enter submits and brings the next image.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import requests
from playwright.sync_api import Page

from tests.benchmarks.browser.apparatus import wait
from tests.benchmarks.browser.others.serving import running
from tests.browser.conftest import free_port

NAME = "label-studio"
USER, PASSWORD = "bench@example.com", "only-on-this-machine"
TOKEN = "0123456789" * 4
PATIENCE = 60  # seconds for an answer
SHOWN = "document.querySelector(\"img[src^='blob:']\")?.src"  # its picture
PICTURE = "drawn(\"img[src^='blob:']\")"


@dataclass(frozen=True)
class LabelStudio:
    """One that serves a project."""

    address: str
    project: int
    folder: Path  # below which its images lie

    def enter(self, page: Page) -> None:
        """Sign in and turn to the first image."""
        page.goto(f"{self.address}/user/login/")
        page.fill("input[name=email]", USER)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url)
        page.goto(f"{self.address}/projects/{self.project}/data?labeling=1")
        wait(page, PICTURE)

    def answers(self) -> dict[str, str]:
        """What was submitted: class by the image's path."""
        tasks = ask(self.address, "get", f"/api/projects/{self.project}/export?exportType=JSON_MIN")
        return {str(self.folder / task["image"].partition("?d=")[2]): task["kind"] for task in tasks}


@contextmanager
def label_studio(
    environment: Path, folder: Path, images: Sequence[str], classes: Sequence[str]
) -> Iterator[LabelStudio]:
    """Serve a fresh project of these images, in this order; their places are given below `folder`.

    Raises:
        TimeoutError: it did not start.
        RuntimeError: it refused something.
    """
    data = folder / "others" / NAME
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        str(environment / "bin" / "label-studio"), "start", "--no-browser", "--internal-host", "127.0.0.1",
        "--port", str(port), "--username", USER, "--password", PASSWORD, "--user-token", TOKEN,
        "--enable-legacy-api-token",
    ]  # fmt: skip
    with running(command, data, f"{address}/health", surroundings(data, folder)):
        yield LabelStudio(address, make_project(address, folder, images, classes), folder)


def surroundings(data: Path, folder: Path) -> dict[str, str]:
    """Variables that keep it on this machine and let it serve the images of a folder."""
    return {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
        "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(folder),
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }


def make_project(address: str, folder: Path, images: Sequence[str], classes: Sequence[str]) -> int:
    """Make the project; returns its number."""
    choices = "".join(
        f"<Choice value={quoteattr(name)} hotkey='{place}'/>" for place, name in enumerate(classes, start=1)
    )
    asks = (
        "<View><Image name='image' value='$image'/>"
        f"<Choices name='kind' toName='image' choice='single' showInLine='true'>{choices}</Choices></View>"
    )
    project = int(ask(address, "post", "/api/projects", {"title": "Benchmark", "label_config": asks})["id"])
    ask(address, "post", "/api/storages/localfiles", {"project": project, "path": os.path.commonpath(images)})
    tasks = [{"image": f"/data/local-files/?d={Path(image).relative_to(folder)}"} for image in images]
    ask(address, "post", f"/api/projects/{project}/import", tasks)
    return project


def ask(address: str, method: str, path: str, body: Any = None) -> Any:
    answer = requests.request(
        method, address + path, json=body, headers={"Authorization": f"Token {TOKEN}"}, timeout=PATIENCE
    )
    if not answer.ok:
        raise RuntimeError(f"Label Studio refused {path}: {answer.text[:300]}")
    return answer.json()
