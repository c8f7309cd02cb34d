"""The project on which labelling is measured: the demo's tissue, its truth known, embedded by ImageNet features."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine import files
from engine.demo import make_demo
from engine.geometry.placement import placed_points
from engine.images.prepare import prepare
from engine.images.table import ImageTable, read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project, open_project
from engine.types import Floats
from tests.browser.conftest import ROOT

EMBEDDING = "imagenet_lite0"
SEED = 3


@dataclass(frozen=True)
class Tissue:
    """A project with classes and no label, and what its images show."""

    project: Project
    table: ImageTable
    truth: dict[str, str]  # class by content hash, which is what the browser can be asked for
    classes: list[str]  # with the keys 1, 2, 3, …
    points: Floats  # [N 2] of its map


def tissue(cache: Path, count: int, copy: str) -> Tissue:
    """A fresh copy of the project of so many images; embedded and laid out once."""
    folder = cache / f"tissue-{count}"
    if not (folder / "made.json").exists():
        _make(folder, count)
        files.write_json(folder / "made.json", {"images": count, "seed": SEED})  # last: what is not whole is made anew
    root = folder / f"copy-{copy}"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder / "project", root)
    project = open_project(root)
    table = read_table(project)
    known = pd.read_csv(folder / "truth.csv").set_index("path")["label"]
    labels = known[[f"images/{path}" if f"images/{path}" in known.index else path for path in table.paths]]
    classes = sorted(set(labels))
    store = LabelStore(project)
    for name in classes:
        store.add_class(name, "bench")
    truth = dict(zip(table.contents, labels, strict=True))
    return Tissue(project, table, truth, classes, placed_points(project, EMBEDDING, "umap", table))


def _make(folder: Path, count: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    make_demo(folder, count, SEED)
    project = create_project(folder / "project", folder / "images", name="Demo tissue")
    prepare(project)
    for command in (
        ["embed", str(project.root), "--encoder", EMBEDDING],
        ["map", str(project.root), "--embedding", EMBEDDING],
    ):
        subprocess.run([sys.executable, "-m", "engine", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
