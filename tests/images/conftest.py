"""A folder to fill with small images, and a project over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from PIL import Image

from engine.project import ColumnSettings, Project, create_project

Draw: TypeAlias = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of images."""
    path = tmp_path / "images"
    path.mkdir()
    return path


@pytest.fixture
def draw(folder: Path) -> Draw:
    """Write a random image into the folder: draw("a/1.png", seed=3, size=(20, 16), mode="L", **save_options)."""

    def write(name: str, seed: int = 0, size: tuple[int, int] = (20, 16), mode: str = "RGB", **options: Any) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(pixels).convert(mode).save(path, **options)
        return path

    return write


@pytest.fixture
def make_project(folder: Path, tmp_path: Path) -> Callable[..., Project]:
    """A project over the folder, not scanned yet: make_project(pattern=…, csv=…, reader=…, folders=…)."""
    return lambda **columns: create_project(tmp_path / "project", folder, columns=ColumnSettings(**columns))
