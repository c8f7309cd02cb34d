"""What a folder holds, before a project is made of it: how many images, and what their names would tell."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.images.join import join_columns
from engine.images.names import read_names
from engine.images.read import EXTENSIONS
from engine.project import ColumnSettings

MOST_ENTRIES = 100_000  # files looked at; about a second on a local disk, and enough to know the folder by


@dataclass(frozen=True)
class Preview:
    """What was found."""

    images: int
    kinds: dict[str, int]  # png, jpg, … → images, most frequent first
    cut_short: bool  # whether there was more than is looked at here
    table: pd.DataFrame  # path and the columns that the settings give, all images looked at
    unmatched: list[str]  # paths of the CSV that fit no image


def preview(folder: Path, columns: ColumnSettings) -> Preview:
    """Look into a folder without opening any image.

    Raises:
        PatternInvalid: the pattern does not compile or names no group.
        TableUnreadable: the CSV cannot be read or lacks its path column.
    """
    paths, cut_short = _first_images(folder)
    kinds = Counter(path.rpartition(".")[2].lower() for path in paths)
    frame = pd.DataFrame({"path": paths}).join(read_names(paths, columns))
    unmatched: list[str] = []
    if columns.csv and paths:
        frame, unmatched = join_columns(frame, Path(columns.csv))
    return Preview(len(paths), dict(kinds.most_common()), cut_short, frame, unmatched)


def _first_images(folder: Path) -> tuple[list[str], bool]:
    """Paths of images below a folder, in order, and whether the looking stopped before the end."""
    paths: list[str] = []
    for looked_at, path in enumerate(_files(folder)):
        if looked_at >= MOST_ENTRIES:
            return sorted(paths), True
        if path.suffix.lower() in EXTENSIONS:
            paths.append(path.relative_to(folder).as_posix())
    return sorted(paths), False


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where, name) for name in names if not name.startswith("."))
