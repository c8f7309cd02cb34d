"""Labels from a table: any CSV with a path and a class, or our own export, which gives the same labels again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import TableUnreadable
from engine.images.join import find_path_column, read_given
from engine.images.table import match_paths, read_table
from engine.labels.events import ACCEPTED
from engine.labels.store import LabelStore
from engine.labels.write import Mark, plain_class_name
from engine.project import Project
from engine.types import UNKNOWN

CLASSES = ("label", "class")
ORIGINS = ("how", "who", "when")  # columns of our export that an imported label keeps in its detail


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    labelled: int  # images that got a label
    accepted: int  # of these, images whose label came back as the pseudo-label that it was
    classes_added: list[str]
    unmatched: list[str] = field(default_factory=list)  # paths of the table that no image, or more than one, fits
    empty: int = 0  # rows without a class, which are left out
    conflicts: list[str] = field(default_factory=list)  # paths of images that the table gives several classes; left out

    @property
    def sentence(self) -> str:
        parts = [f"{self.labelled:,} images labelled"]
        if self.classes_added:
            parts.append(f"{len(self.classes_added):,} classes added")
        if self.unmatched:
            parts.append(f"{len(self.unmatched):,} paths match no image")
        if self.empty:
            parts.append(f"{self.empty:,} rows without a class")
        if self.conflicts:
            parts.append(f"{len(self.conflicts):,} images left out because the table gives them several classes")
        return " · ".join(parts) + "."


def import_labels(project: Project, table: Path, column: str = "", who: str = "") -> ImportReport:
    """Label images from a CSV or Parquet file, as `read_given` reads it, as one act that undoes at once.

    A row of our own export with how = accepted comes back as the pseudo-label that it was, with its probability and
    propagation; every other label becomes how = imported, and keeps the how, who and when of the table in its detail.

    Args:
        column: the column of classes; "label" or "class" by default.

    Raises:
        TableUnreadable: the file cannot be read, or lacks the columns.
        NoImages: the project has not been scanned.
    """
    given = read_given(table)
    path_column = find_path_column(given, table)
    class_column = _class_column(table, list(given.columns), column)
    rows = [dict(zip(given.columns, line, strict=True)) for line in given.to_numpy().tolist()]
    filled = [row for row in rows if row[class_column].strip()]
    images = read_table(project)
    places, unmatched = match_paths(images, [row[path_column] for row in filled])
    named = [(str(images.ids[place]), row) for place, row in zip(places, filled, strict=True) if place != UNKNOWN]
    chosen, conflicting = _one_row_each(named, class_column)
    path_of = dict(zip(images.ids, images.paths, strict=True))
    store = LabelStore(project)
    with store.writing(who, "import", {"file": table.name, "column": class_column}) as act:
        class_ids = {one.name: one.id for one in act.live.values()}
        added = []
        for row in chosen.values():
            name = plain_class_name(row[class_column])
            if name not in class_ids:
                class_ids[name] = act.add_class(name).id
                added.append(name)
        marks = [_mark(one, class_ids[plain_class_name(row[class_column])], row) for one, row in chosen.items()]
        act.mark(marks)
    return ImportReport(
        labelled=len(marks),
        accepted=sum(mark["how"] == ACCEPTED for mark in marks),
        classes_added=added,
        unmatched=unmatched,
        empty=len(rows) - len(filled),
        conflicts=[str(path_of[one]) for one in conflicting],
    )


def _class_column(table: Path, names: Sequence[str], column: str) -> str:
    by_lower = {name.lower(): name for name in names}
    found = next(
        (by_lower[name.lower()] for name in ((column,) if column else CLASSES) if name.lower() in by_lower), None
    )
    if found is None:
        raise TableUnreadable(
            f"{table} has no column “{column or 'label'}”. It has: {', '.join(names)}. "
            "Say which of them holds the classes."
        )
    return found


def _one_row_each(
    named: Sequence[tuple[str, dict[str, str]]], class_column: str
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The row of each image, and the images whose rows do not agree on the class."""
    chosen: dict[str, dict[str, str]] = {}
    conflicting: dict[str, None] = {}
    for image, row in named:
        known = chosen.setdefault(image, row)
        if plain_class_name(known[class_column]) != plain_class_name(row[class_column]):
            conflicting[image] = None
    return {image: row for image, row in chosen.items() if image not in conflicting}, list(conflicting)


def _mark(image: str, class_id: int, row: dict[str, str]) -> Mark:
    mark: Mark = {"image": image, "class_id": class_id, "how": "imported"}
    origin: dict[str, Any] = {name: row[name] for name in ORIGINS if row.get(name)}
    probability = _probability(row.get("probability", ""))
    if origin.get("how") == ACCEPTED and probability is not None:
        mark |= {"how": ACCEPTED, "probability": probability, "propagation": row.get("propagation", "")}
    return mark | ({"detail": {"imported": origin}} if origin else {})


def _probability(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1 else None
