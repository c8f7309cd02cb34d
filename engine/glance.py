"""A project at a glance, for the list of recent ones: counts and a few pictures, or why it cannot be opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import EngineError, NoImages
from engine.files import Stamp, stamp_of
from engine.images.table import ImageTable, read_table
from engine.labels.store import LabelStore
from engine.labels.tally import tally
from engine.project import ColumnSettings, Project, open_project
from engine.types import Indices


@dataclass(frozen=True)
class Glance:
    """What a card of a project shows."""

    root: Path
    name: str
    project: Project | None  # None where it cannot be opened
    images: int = 0
    labelled: int = 0
    classes: int = 0
    contents: tuple[str, ...] = ()  # content hashes of some images, evenly over the table
    trouble: str = ""  # why it cannot be opened, in a sentence


def glance(root: Path, pictures: int = 8) -> Glance:
    """Look at the project in a folder; what is wrong with it is said, not raised, so that others still show."""
    try:
        project = open_project(root)
        return _look(project, pictures)
    except NoImages:
        return Glance(root, project.name, project)
    except EngineError as error:
        return Glance(root, root.name, None, trouble=str(error))


def seen_in(root: Path) -> tuple[Stamp, ...]:
    """Stamps of the files that a glance reads: while they are the same, so is what it sees."""
    there = Project(root, "", root, ColumnSettings(), "")
    log = there.labels_path.with_name(f"{there.labels_path.name}-wal")  # where SQLite writes first
    stamps = [stamp_of(path) for path in (there.about_path, there.table_path, there.labels_path, log)]
    return tuple(one if one[1] else (0, 0) for one in stamps)


def sample_rows(table: ImageTable, count: int) -> Indices:
    """Rows [≤ count] evenly over the table, so that every folder and patient has its chance to be seen."""
    rows: Indices = np.unique(np.linspace(0, len(table) - 1, count).astype(np.int64))
    return rows


def _look(project: Project, pictures: int) -> Glance:
    table = read_table(project)
    counted = tally(LabelStore(project))
    contents = tuple(str(content) for content in table.contents[sample_rows(table, pictures)])
    return Glance(project.root, project.name, project, len(table), counted.labelled, len(counted.per_class), contents)
