"""Selections that were given a name: images to come back to, for everybody who opens the project.

    selections/<fingerprint of the name>.json  {name, ids, who, made}

One file each, so that two people who save at once lose nothing; by image id, so that a rescan keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from engine import files
from engine.errors import SelectionMissing, SettingInvalid
from engine.images.table import ImageTable
from engine.project import Project
from engine.types import Array, Indices

LONGEST_NAME = 60  # letters


@dataclass(frozen=True)
class Selection:
    """Images under a name."""

    name: str
    ids: tuple[str, ...]
    who: str
    made: str  # ISO 8601, UTC

    def rows(self, table: ImageTable) -> Indices:
        """Rows of a table that are in it, ascending; images that the table lacks are left out."""
        return np.flatnonzero(np.isin(table.ids.astype(str), np.asarray(self.ids, dtype=np.str_)))


def save_selection(project: Project, name: str, ids: Sequence[str] | Array, who: str) -> Selection:
    """Keep images under a name; a selection that had it goes.

    Raises:
        SettingInvalid: the name is empty or too long, or there is no image.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise SettingInvalid(f"A selection needs a name of 1 to {LONGEST_NAME} letters.")
    if not len(ids):
        raise SettingInvalid("Nothing is selected. Draw around some images first.")
    made = datetime.now(UTC).isoformat(timespec="seconds")
    selection = Selection(name, tuple(str(one) for one in ids), who, made)
    files.write_json(project.selection_path(name), asdict(selection))
    return selection


def selections(project: Project) -> list[Selection]:
    """All of them, by name; a file that cannot be read is passed over."""
    found = []
    for path in project.selections_folder.glob("*.json"):
        try:
            about = files.read_object(path, "name", "ids", "who", "made")
        except (OSError, ValueError):
            continue
        found.append(Selection(about["name"], tuple(about["ids"]), about["who"], about["made"]))
    return sorted(found, key=lambda one: one.name.casefold())


def delete_selection(project: Project, name: str) -> None:
    """Forget a selection; its images are untouched.

    Raises:
        SelectionMissing: there is none of this name.
    """
    try:
        project.selection_path(name).unlink()
    except FileNotFoundError:
        raise SelectionMissing(f"There is no selection “{name}” any more; somebody else may have deleted it.") from None
