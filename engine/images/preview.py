"""What a folder holds, before a project is made of it: how many images, and what their names would tell."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.images.join import join_columns
from engine.images.names import names_read, propose_reader, read_names
from engine.images.read import EXTENSIONS
from engine.project import ColumnSettings

MOST_ENTRIES = 100_000  # files looked at; about a second on a local disk, and enough to know the folder by


@dataclass(frozen=True)
class Found:
    """The images in a folder, by their names alone."""

    paths: list[str]  # relative to the folder, in order
    kinds: dict[str, int]  # png, jpg, … → images, most frequent first
    cut_short: bool  # whether there was more than is looked at here


@dataclass(frozen=True, eq=False)
class Tried:
    """What column settings would give."""

    table: pd.DataFrame  # path and the columns, a row for each image looked at
    reader: str  # the built-in reader that reads the names; "none" where none does
    read: list[int]  # rows whose name the pattern or, where there is none, the reader reads
    unread: list[int]  # the other rows
    unmatched: list[str]  # paths of the CSV that fit no image


@dataclass(frozen=True)
class Preview:
    """What was found, and the columns that it would have."""

    images: int
    kinds: dict[str, int]
    cut_short: bool
    table: pd.DataFrame
    unmatched: list[str]


def preview(folder: Path, columns: ColumnSettings) -> Preview:
    """Look into a folder without opening any image.

    Raises:
        PatternInvalid: the pattern does not compile or names no column.
        TableUnreadable: the CSV cannot be read or lacks its path column.
    """
    found = find_images(folder)
    tried = try_columns(found.paths, columns)
    return Preview(len(found.paths), found.kinds, found.cut_short, tried.table, tried.unmatched)


def find_images(folder: Path) -> Found:
    """The names of the images below a folder; opens none."""
    paths, cut_short = _first_images(folder)
    kinds = Counter(path.rpartition(".")[2].lower() for path in paths)
    return Found(paths, dict(kinds.most_common()), cut_short)


def try_columns(paths: Sequence[str], columns: ColumnSettings) -> Tried:
    """The columns that settings would give images with these relative paths [N].

    Raises:
        PatternInvalid, UnknownName, TableUnreadable: as `preview`.
    """
    frame = pd.DataFrame({"path": list(paths)}).join(read_names(paths, columns))
    unmatched: list[str] = []
    if columns.csv and len(paths):
        frame, unmatched = join_columns(frame, Path(columns.csv), columns.csv_columns)
    reader = propose_reader(paths) if columns.reader == "auto" else columns.reader
    reads = names_read(paths, columns, reader)
    read = [row for row, fits in enumerate(reads) if fits]
    return Tried(frame, reader, read, [row for row, fits in enumerate(reads) if not fits], unmatched)


def _first_images(folder: Path) -> tuple[list[str], bool]:
    """Paths of images below a folder, in order, and whether the looking stopped before the end."""
    paths: list[str] = []
    for looked_at, path in enumerate(_files(folder)):
        if looked_at >= MOST_ENTRIES:
            return sorted(paths), True
        if path.lower().endswith(tuple(EXTENSIONS)):
            paths.append(path)
    return sorted(paths), False


def _files(folder: Path) -> Iterator[str]:
    """Relative paths as text: a Path of each would take ten times as long."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = Path(where).relative_to(folder).as_posix()
        start = "" if inside == "." else f"{inside}/"
        yield from (start + name for name in names if not name.startswith("."))
