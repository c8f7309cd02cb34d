"""A label log without a label."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.labels.store import LabelStore
from engine.project import Project, create_project


@pytest.fixture
def empty_project(tmp_path: Path) -> Project:
    """A project over an empty folder: the log needs no images."""
    (tmp_path / "images").mkdir()
    return create_project(tmp_path / "project", tmp_path / "images")


@pytest.fixture
def store(empty_project: Project) -> LabelStore:
    return LabelStore(empty_project)
