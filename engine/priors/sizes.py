"""How large the groups of a column are: what a person looks at before trusting it as a prior."""

from __future__ import annotations

import numpy as np

from engine.images.table import ImageTable


def group_sizes(table: ImageTable, column: str, most: int = 10) -> tuple[list[tuple[str, int]], int]:
    """The largest groups of a column as (value, images), largest first, and how many groups there are besides.

    Raises:
        ColumnMissing: the table has no such column.
    """
    _, names = table.codes(column)
    sizes = table.groups(column).size
    order = np.argsort(-sizes, kind="stable")[:most]
    found = [(names[group], int(sizes[group])) for group in order]
    return found, len(sizes) - len(found)
