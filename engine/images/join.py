"""Columns from a CSV or Parquet file, joined to the images by path."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from engine.errors import TableUnreadable
from engine.images.columns import tidy
from engine.images.match import match
from engine.images.names import free_name
from engine.types import UNKNOWN

PATH_COLUMNS = ("path", "file", "filename", "file_name", "image", "image_path", "name")  # any case; the first wins


def join_columns(frame: pd.DataFrame, source: Path) -> tuple[pd.DataFrame, list[str]]:
    """The frame [N rows], which has a column `path`, with the columns of a CSV or Parquet file beside its own.

    A column that the frame already has is replaced. Of several lines about one image the last counts.

    Returns:
        The joined frame; paths in the file that name no image.

    Raises:
        TableUnreadable: the file is missing or damaged, or has no path column.
    """
    given = read_given(source)
    path_column = find_path_column(given, source)
    rows, unmatched = match(list(frame["path"]), list(given[path_column]))
    lines = pd.Series(range(len(given)))[rows != UNKNOWN]
    line_of = dict(zip(rows[rows != UNKNOWN], lines, strict=True))
    order = [line_of.get(row, -1) for row in range(len(frame))]
    columns = given.drop(columns=path_column).reindex(order).set_axis(frame.index)
    return frame.assign(**{free_name(str(name)): tidy(columns[name]) for name in columns}), unmatched


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
