"""The image table: one row an image, with what the scan measured and what is known about it.

images.parquet holds a row for every image file ever seen: usable (state “ok”), damaged (“bad”, with the reason) or gone
(“missing”). `ImageTable` shows the usable ones.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, get_type_hints

import numpy as np
import pandas as pd

from engine import files
from engine.errors import ColumnMissing, NoImages, TableUnreadable, UnknownImage
from engine.images.columns import settle
from engine.images.match import match
from engine.project import Project
from engine.types import UNKNOWN, Array, Indices

T = TypeVar("T")


class Row(NamedTuple):
    """What images.parquet says of one file, beside its metadata columns."""

    id: str  # 12 hex digits, for ever
    path: str  # relative to the images folder, forward slashes
    content: str  # hash of the file's bytes when it was last usable; “” if it never was
    width: int  # pixels, upright
    height: int
    bytes: int
    mode: str  # as stored: RGB, L, I;16, RGBA, CMYK, P, …
    modified: int  # nanoseconds since 1970, UTC, as the file system says
    state: str  # ok, bad or missing
    reason: str  # why it is bad


STATE = ("state", "reason")  # columns that an ImageTable leaves out, since all its rows are ok
MEASURED = tuple(name for name in Row._fields if name not in STATE)
TYPES = {name: "int64" if hint is int else "str" for name, hint in get_type_hints(Row).items()}


@dataclass(frozen=True)
class Groups:
    """Images by group, as index arrays: the members of group g are order[start[g] : start[g] + size[g]]."""

    codes: Indices  # [N] group of each image, UNKNOWN where it has none
    order: Indices  # [M] rows of the images that have a group, group by group
    start: Indices  # [G] where each group begins in `order`
    size: Indices  # [G] images in each group, ≥ 1


@dataclass(frozen=True, eq=False)
class ImageTable:
    """The usable images of a project in order of first sight."""

    frame: (
        pd.DataFrame
    )  # RangeIndex; MEASURED columns, then metadata: text (“” where empty) or numbers (NaN where empty)
    _derived: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def ids(self) -> Array:
        """Ids [N], str objects."""
        return self.frame["id"].to_numpy(dtype=object)

    @cached_property
    def paths(self) -> Array:
        """Paths [N] relative to the images folder, str objects."""
        return self.frame["path"].to_numpy(dtype=object)

    @cached_property
    def contents(self) -> Array:
        """Content hashes [N], str objects; equal for exact duplicates."""
        return self.frame["content"].to_numpy(dtype=object)

    @property
    def metadata(self) -> list[str]:
        """Names of the columns that names, folders, pattern and CSV gave."""
        return [name for name in self.frame.columns if name not in MEASURED]

    @cached_property
    def fingerprint(self) -> str:
        """Changes when an image comes, goes or changes; not with metadata."""
        return files.fingerprint([self.ids, self.contents])

    def column(self, name: str) -> pd.Series:
        """One column [N].

        Raises:
            ColumnMissing: the table has none of this name.
        """
        if name in self.frame.columns:
            return self.frame[name]
        known = [*self.metadata, *MEASURED]
        near = difflib.get_close_matches(name, known, n=1)
        guess = f" Did you mean {near[0]}?" if near else ""
        raise ColumnMissing(
            f"The images have no column “{name}”.{guess} There are: {', '.join(known)}. "
            "More columns come from a CSV, a pattern or a name reader on the Data screen."
        )

    def codes(self, name: str) -> tuple[Indices, list[str]]:
        """A column as codes [N], UNKNOWN where empty, and the distinct values by code, in order, as text.

        Raises:
            ColumnMissing: the table has none of this name.
        """
        codes, values = pd.factorize(self.column(name).replace("", None), sort=True)
        return codes.astype(np.int64), [_as_text(value) for value in values]

    def groups(self, name: str) -> Groups:
        """Images by their value in a column, computed once.

        Raises:
            ColumnMissing: the table has none of this name.
        """
        return self.remember(name, lambda: self._group(name))

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` derives from the table, made once for each key."""
        if key not in self._derived:
            self._derived[key] = make()
        found: T = self._derived[key]
        return found

    def _group(self, name: str) -> Groups:
        codes, values = self.codes(name)
        order = np.argsort(codes, kind="stable")[np.count_nonzero(codes == UNKNOWN) :]
        size = np.bincount(codes[order], minlength=len(values))
        return Groups(codes, order, np.cumsum(size) - size, size)

    def rows(self, ids: Sequence[str]) -> Indices:
        """The row [B] of each id.

        Raises:
            UnknownImage: an id that no usable image has.
        """
        try:
            return np.fromiter((self._row_of[one] for one in ids), dtype=np.int64, count=len(ids))
        except KeyError as error:
            raise UnknownImage(
                f"No usable image has the id {error.args[0]}. It may have gone missing; rescan the project."
            ) from None

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {one: row for row, one in enumerate(self.ids)}


def read_table(project: Project) -> ImageTable:
    """The usable images of a project.

    Raises:
        NoImages: never scanned, or nothing usable in the folder.
        TableUnreadable: images.parquet is damaged.
    """
    if not project.table_path.exists():
        raise NoImages(f"{project.name} has not been scanned yet. Scan it with: scan {project.root}")
    rows = read_rows(project)
    usable = rows[rows["state"] == "ok"]
    if usable.empty:
        raise NoImages(
            f"There is no usable image in {project.images}. Files ending in jpg, png, tif, bmp or webp are read, "
            "also in folders inside; the Data screen lists those that are damaged."
        )
    frame = usable.drop(columns=list(STATE)).reset_index(drop=True)
    metadata = {name: settle(frame[name]) for name in frame.columns if name not in MEASURED}
    return ImageTable(frame.assign(**metadata))


def read_bad_files(project: Project) -> pd.DataFrame:
    """Files, links and folders that could not be read: columns path and reason."""
    rows = read_rows(project)
    return rows.loc[rows["state"] == "bad", ["path", "reason"]].reset_index(drop=True)


def read_rows(project: Project) -> pd.DataFrame:
    """All rows of images.parquet, also bad and missing ones; none before the first scan.

    Raises:
        TableUnreadable: the file is damaged.
    """
    if not project.table_path.exists():
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in TYPES.items()})
    try:
        return pd.read_parquet(project.table_path).astype(TYPES)
    except (OSError, ValueError, KeyError) as error:
        raise TableUnreadable(
            f"{project.table_path} cannot be read ({error}). Restore it from a copy, or remove it and rescan."
        ) from error


def write_rows(project: Project, rows: pd.DataFrame) -> None:
    """Replace images.parquet, atomically."""
    files.write_atomically(project.table_path, lambda file: rows.to_parquet(file, index=False))


def match_paths(table: ImageTable, paths: Sequence[str]) -> tuple[Indices, list[str]]:
    """The row [M] of each path [M], UNKNOWN where none or several fit, and the paths without a row; see `match`."""
    return match(list(table.paths), paths)


def _as_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
