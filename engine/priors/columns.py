"""Columns as priors read them: as groups, or as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.errors import ColumnUnusable
from engine.images.table import ImageTable
from engine.types import Array, Indices


def groups_of(table: ImageTable, column: str) -> Indices:
    """Group of each image [N] by a column, UNKNOWN where empty; all images are one group where no column is named.

    Raises:
        ColumnMissing: the table has no such column.
    """
    return table.groups(column).codes if column else np.zeros(len(table), np.int64)


def numbers_of(table: ImageTable, column: str) -> Array:
    """A column's numbers [N], float64, NaN where empty.

    Raises:
        ColumnMissing: the table has no such column.
        ColumnUnusable: it holds text.
    """
    values = table.column(column)
    if not pd.api.types.is_numeric_dtype(values):
        example = next((text for text in values if text), "nothing")
        raise ColumnUnusable(
            f"The column “{column}” must hold numbers; it holds text such as “{example}”. "
            "Choose another column, or mend it on the Data screen."
        )
    return values.to_numpy(np.float64)
