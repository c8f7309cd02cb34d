"""Which image's stain all others are brought to, where stain normalisation is asked for. No torch."""

from __future__ import annotations

import numpy as np

from engine.errors import UnknownName
from engine.images.table import ImageTable, match_paths
from engine.types import UNKNOWN


def reference_row(table: ImageTable, reference: str) -> int | None:
    """The row of the image that others are brought to the stain of, named by id or path; None where none is named.

    Raises:
        UnknownName: the table has no such image.
    """
    if not reference:
        return None
    known = np.flatnonzero(table.ids == reference)
    row = known[0] if len(known) else match_paths(table, [reference])[0][0]
    if row == UNKNOWN:
        raise UnknownName(
            f"No image of this project is “{reference}”, whose stain others were to be brought to. Give an image's "
            "path or id, or leave “stain_reference” empty for the usual stain of all images."
        )
    return int(row)
