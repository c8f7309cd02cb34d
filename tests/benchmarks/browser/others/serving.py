"""A tool's dataset, made once in the cache folder, and its server for as long as it is measured."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from engine import __version__, files
from engine.geometry.placement import placed_points
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import create_project, open_project
from tests.benchmarks.browser.apparatus import WHO, place, watch
from tests.benchmarks.browser.others.tools import Tool
from tests.benchmarks.browser.synthetic import CLASSES, EMBEDDING, MAP, Material, embed, vectors_of
from tests.browser.conftest import free_port, wait_until_it_answers

STARTS = 180  # seconds within which a server must answer
STOPS = 30  # seconds after which what has not ended is killed


@dataclass(frozen=True)
class Served:
    """A tool's server that answers."""

    folder: Path  # of its dataset
    address: str  # of the page with map and grid, or of what leads there
    process: psutil.Process
    made: float  # seconds that its dataset took
    version: str

    def memory(self) -> float:
        """Megabytes that its processes hold, those that it started among them."""
        every = [self.process, *self.process.children(recursive=True)]
        return float(sum(one.memory_info().rss for one in every)) / 2**20


@contextmanager
def serving(tool: Tool, given: Material, cache: Path, environments: Path) -> Iterator[Served]:
    """A fresh server of the tool over the given images and points, whose dataset is made if there is none yet."""
    folder = cache / "others" / f"{tool.name.replace(' ', '-').lower()}-{len(given.table)}"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        _theirs(tool, given, folder, environments) if tool.environment else _ours(tool, given, folder, cache) as served
    ):
        yield served


def python_of(tool: Tool, environments: Path) -> Path:
    return environments / tool.environment / "bin" / "python"


@contextmanager
def _ours(tool: Tool, given: Material, folder: Path, cache: Path) -> Iterator[Served]:
    """A project of its own, without labels."""
    made = folder / "made.json"
    if not made.exists():
        with watch() as seconds:
            _make_ours(given, folder / "project")
        files.write_json(made, {"seconds": seconds(), "version": __version__})
    project = open_project(folder / "project")
    store = LabelStore(project)
    store.clear(list(store.current()["image"]), WHO)  # of an earlier run
    about = files.read_json(made)
    with place(cache) as at:
        yield Served(folder, at.address(tool.address, project.root), at.process(), about["seconds"], about["version"])


def _make_ours(given: Material, root: Path) -> None:
    """With all that it always makes: thumbnails, measures of quality, near duplicates, nearest neighbours."""
    project = create_project(root, given.project.images, name=given.project.name, columns=given.project.columns)
    prepare(project)
    embed(project, read_table(project), given.truth)
    store = LabelStore(project)
    for name in CLASSES:
        store.add_class(name, WHO)


@contextmanager
def _theirs(tool: Tool, given: Material, folder: Path, environments: Path) -> Iterator[Served]:
    material = folder.parent / f"material-{len(given.table)}.npz"
    if not material.exists():
        _write(material, given)
    port = free_port()
    command = [
        str(python_of(tool, environments)), str(Path(__file__).with_name(tool.script)),
        str(material), str(folder), str(port),
    ]  # fmt: skip
    if not (folder / "made.json").exists():
        _run(command, folder)
    about = files.read_json(folder / "made.json")
    address = f"http://127.0.0.1:{port}/"
    with running(command, folder, address) as process:
        yield Served(folder, address + tool.address, process, about["seconds"], about["version"])


@contextmanager
def running(
    command: Sequence[str], folder: Path, address: str, more: Mapping[str, str] | None = None
) -> Iterator[psutil.Process]:
    """A server that answers at an address, with more variables in its environment; its log lies in the folder.

    Raises:
        TimeoutError: it gave no answer.
    """
    with (folder / "server.log").open("ab") as log:
        process = psutil.Popen(command, cwd=folder, env=_environment() | (more or {}), stdout=log, stderr=log)
    try:
        wait_until_it_answers(address, STARTS, folder / "server.log")
        yield process
    finally:
        _stop(process)


def _write(path: Path, given: Material) -> None:
    """What every tool is given: paths, points and vectors, in the order of our table."""
    paths = [str(given.project.image_path(one)) for one in given.table.paths]
    points = placed_points(given.project, EMBEDDING, MAP, given.table)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, paths=np.asarray(paths), points=points, vectors=vectors_of(given.truth))


def _run(command: Sequence[str], folder: Path) -> None:
    with (folder / "server.log").open("ab") as log:
        subprocess.run(command, cwd=folder, env=_environment(), stdout=log, stderr=log, check=True)


def _environment() -> dict[str, str]:
    """Ours without what is meant for our own Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HANDFUL"))}


def _stop(process: psutil.Process) -> None:
    """End a server and all that it started, gently first, since a database may be among it."""
    every = [process, *process.children(recursive=True)]
    process.terminate()
    _, left = psutil.wait_procs(every, timeout=STOPS)
    for one in left:
        one.kill()
