"""Columns from a CSV or Parquet file, joined to the images by path."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine import files
from engine.errors import TableUnreadable
from engine.images.columns import tidy
from engine.images.match import AMBIGUOUS, BY_ENDING, BY_NAME, BY_PATH, NOWHERE, find_matches, match
from engine.images.names import free_name
from engine.project import Project
from engine.types import UNKNOWN

PATH_COLUMNS = ("path", "file", "filename", "file_name", "image", "image_path", "name")  # any case; the first wins
EXAMPLES = 4  # values of a column that are shown


@dataclass(frozen=True, eq=False)
class Join:
    """How the lines of a file and the images found each other, before anything is taken over."""

    path_column: str
    lines: int
    by_path: int  # lines whose path is an image's, whole or from some folder on
    by_name: int  # lines that found the only image with their file name
    ambiguous: list[str]  # paths in the file that could mean several images, or share a file name with another line
    nowhere: list[str]  # paths in the file that no image has
    repeated: list[str]  # images that several lines speak of; the last line counts
    without_line: list[str]  # images that no line speaks of
    columns: dict[str, list[str]]  # what could be taken: column → its first few different values

    @property
    def joined(self) -> int:
        """Lines that found their image."""
        return self.by_path + self.by_name


def preview_join(paths: Sequence[str], source: Path) -> Join:
    """How a CSV or Parquet file would join to images with these relative paths [N].

    Raises:
        TableUnreadable: the file is missing or damaged, or has no path column.
    """
    given = read_given(source)
    path_column = find_path_column(given, source)
    asked = list(given[path_column])
    found = find_matches(paths, asked)
    spoken = pd.Series(found.rows[found.rows != UNKNOWN]).value_counts()
    values = {str(name): given[name][given[name] != ""].drop_duplicates().head(EXAMPLES) for name in given.columns}
    return Join(
        path_column=path_column,
        lines=len(given),
        by_path=found.how.count(BY_PATH) + found.how.count(BY_ENDING),
        by_name=found.how.count(BY_NAME),
        ambiguous=[path for path, how in zip(asked, found.how, strict=True) if how == AMBIGUOUS],
        nowhere=[path for path, how in zip(asked, found.how, strict=True) if how == NOWHERE],
        repeated=[paths[row] for row in sorted(spoken[spoken > 1].index)],
        without_line=[path for row, path in enumerate(paths) if row not in spoken.index],
        columns={name: list(examples) for name, examples in values.items() if name != path_column},
    )


def join_columns(frame: pd.DataFrame, source: Path, wanted: Sequence[str] = ()) -> tuple[pd.DataFrame, list[str]]:
    """The frame [N rows], which has a column `path`, with columns of a CSV or Parquet file beside its own.

    A column that the frame already has is replaced. Of several lines about one image the last counts. Only the wanted
    columns are taken; all where none is named.

    Returns:
        The joined frame; paths in the file that name no image.

    Raises:
        TableUnreadable: the file is missing or damaged, or has no path column or none of a wanted name.
    """
    given = read_given(source)
    path_column = find_path_column(given, source)
    if gone := [name for name in wanted if name not in given.columns]:
        raise TableUnreadable(
            f"{source} has no column “{gone[0]}” any more; it has {', '.join(map(str, given.columns))}. "
            "Choose its columns anew on the Data screen."
        )
    rows, unmatched = match(list(frame["path"]), list(given[path_column]))
    lines = pd.Series(range(len(given)))[rows != UNKNOWN]
    line_of = dict(zip(rows[rows != UNKNOWN], lines, strict=True))
    order = [line_of.get(row, -1) for row in range(len(frame))]
    taken = [name for name in given.columns if name != path_column and (name in wanted or not wanted)]
    columns = given[taken].reindex(order).set_axis(frame.index)
    return frame.assign(**{free_name(str(name)): tidy(columns[name]) for name in columns}), unmatched


def keep_table(project: Project, name: str, content: bytes) -> Path:
    """Keep a table in the project, as where it comes from a browser; one of the same name is replaced.

    Raises:
        SettingInvalid: the name cannot be a file's.
    """
    path = project.given_table_path(name)
    if not path.exists() or path.read_bytes() != content:
        files.write_bytes(path, content)
    return path


def read_given(source: Path) -> pd.DataFrame:
    """A CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252) or Parquet file, all values as text.

    Raises:
        TableUnreadable: the file is missing, damaged or empty.
    """
    try:
        if source.suffix.lower() in (".parquet", ".pq"):
            table = pd.read_parquet(source)
            return table.astype(object).where(table.notna(), "").astype(str)
        return _read_csv(source)
    except OSError as error:
        raise TableUnreadable(
            f"{source} cannot be opened ({error.strerror}). Give the path of a CSV or Parquet file."
        ) from error
    except ValueError as error:  # pyarrow's errors are ValueErrors too
        raise TableUnreadable(
            f"{source} cannot be read ({str(error).strip()}). Give a CSV or Parquet file with a header."
        ) from error


def find_path_column(given: pd.DataFrame, source: Path) -> str:
    """The column that names the images.

    Raises:
        TableUnreadable: there is none.
    """
    by_lower = {str(name).lower(): str(name) for name in reversed(given.columns)}
    for name in PATH_COLUMNS:
        if name in by_lower:
            return by_lower[name]
    raise TableUnreadable(
        f"{source} has no column that names the images; it has {', '.join(map(str, given.columns))}. "
        "Call that column “path”."
    )


def _read_csv(source: Path) -> pd.DataFrame:
    """Cells beyond the header, such as a comma at the end of every line leaves, are dropped; missing ones are “”."""
    text = _decoded(source.read_bytes())
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        lines = [[*line, *[""] * len(header)][: len(header)] for line in reader if line]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not lines:
        raise ValueError("it holds no rows")
    return pd.DataFrame(lines, columns=header, dtype=str)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\0" in content[:4096]:
        raise ValueError("it is not a text file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what spreadsheets on Windows write
