"""What page and server of the benchmark of maps share: the points, and a project that holds nothing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.project import ColumnSettings, Project
from engine.types import Floats

PROJECT = Project(Path("/nowhere"), "benchmark", Path("/nowhere/images"), ColumnSettings(), "2026-01-01T00:00:00+00:00")


@lru_cache(maxsize=2)
def random_points(count: int) -> Floats:
    """Points [N 2] in 12 clouds, one of them in the middle, the same for the same count."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(-8, 8, size=(12, 2))
    centres[0] = (centres.min(axis=0) + centres.max(axis=0)) / 2
    clouds = centres[rng.integers(0, 12, size=count)] + rng.normal(size=(count, 2))
    return clouds.astype(np.float32)
