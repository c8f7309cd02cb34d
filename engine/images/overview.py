"""What a project's images are like: counts, kinds, sizes, what each column holds, and the size to train at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.images.table import ImageTable, read_rows, read_table
from engine.project import Project

TOP_VALUES = 8  # most frequent values listed of a column

# Shorter side of the middle image, up to → training size; between them detail is kept and time is not wasted.
_SIZES = ((40, 32), (80, 64), (112, 96))
_LARGEST = 128


@dataclass(frozen=True)
class ColumnSummary:
    """One metadata column."""

    name: str
    kind: str  # number or text
    distinct: int  # different values
    empty: int  # images without a value
    top: list[tuple[str, int]]  # most frequent values with their counts
    range: tuple[float, float] | None  # least and greatest of a number


@dataclass(frozen=True)
class Overview:
    """All of it; every count is of usable images unless it says otherwise."""

    images: int
    bytes: int  # of all files together
    duplicates: int  # images whose file is an exact copy of another's, beyond the first
    missing: int  # seen once, not there now
    bad: pd.DataFrame  # columns path, reason
    formats: dict[str, int]  # lower-case extension → images, most frequent first
    modes: dict[str, int]  # RGB, L, I;16, … → images
    widths: tuple[int, int, int]  # least, middle, greatest, pixels
    heights: tuple[int, int, int]
    columns: list[ColumnSummary]
    suggested_size: int  # pixels to train at: 32, 64, 96 or 128
    reason: str  # for that size, one sentence


def overview(project: Project) -> Overview:
    """Look at the table of a scanned project; opens no image.

    Raises:
        NoImages: never scanned, or nothing usable.
    """
    rows, table = read_rows(project), read_table(project)
    size, reason = suggest_size(table)
    frame = table.frame
    return Overview(
        images=len(table),
        bytes=int(frame["bytes"].sum()),
        duplicates=int(frame["content"].duplicated().sum()),
        missing=int((rows["state"] == "missing").sum()),
        bad=rows.loc[rows["state"] == "bad", ["path", "reason"]].reset_index(drop=True),
        formats=_count([f".{path.rpartition('.')[2].lower()}" for path in table.paths]),
        modes=_count(list(frame["mode"])),
        widths=_spread(frame["width"]),
        heights=_spread(frame["height"]),
        columns=[_summarise(frame[name]) for name in table.metadata],
        suggested_size=size,
        reason=reason,
    )


def suggest_size(table: ImageTable) -> tuple[int, str]:
    """The training size in pixels that suits the images, and why, in a sentence."""
    middle = int(np.median(table.frame[["width", "height"]].min(axis="columns")))
    size = next((size for up_to, size in _SIZES if middle <= up_to), _LARGEST)
    if middle <= size:
        return size, f"Half of the images are at most {middle} px on their shorter side; {size} px keeps all they show."
    if size == _LARGEST:
        return size, f"The middle image has {middle} px on its shorter side; above {size} px a CPU becomes slow."
    return size, f"The middle image has {middle} px on its shorter side; {size} px keeps nearly all it shows."


def _count(values: list[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _spread(pixels: pd.Series) -> tuple[int, int, int]:
    return int(pixels.min()), int(pixels.median()), int(pixels.max())


def _summarise(column: pd.Series) -> ColumnSummary:
    numeric = pd.api.types.is_numeric_dtype(column)
    filled = column.dropna() if numeric else column[column != ""]
    counts = filled.value_counts().head(TOP_VALUES)
    return ColumnSummary(
        name=str(column.name),
        kind="number" if numeric else "text",
        distinct=int(filled.nunique()),
        empty=len(column) - len(filled),
        top=[(f"{value:.15g}" if numeric else str(value), int(count)) for value, count in counts.items()],
        range=(float(filled.min()), float(filled.max())) if numeric and len(filled) else None,
    )
