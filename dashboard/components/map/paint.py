"""What colours the points of a map: a code per image and what the codes mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.types import UNKNOWN, Floats, Indices

NO_CODE = 255  # the code of an image that has no value; it is drawn grey
MOST_ENTRIES = 12  # values of a column that get a colour of their own
OTHER = "other"
OTHER_COLOUR = "#9A93A0"


@dataclass(frozen=True)
class Entry:
    """One value and its colour."""

    name: str
    colour: str  # #RRGGBB


@dataclass(frozen=True, eq=False)
class Paint:
    """One code per image [N]: a place in `entries`, or 0 to 254 from `low` to `high` of a `scale`; NO_CODE for none."""

    title: str
    codes: NDArray[np.uint8]
    entries: tuple[Entry, ...] = ()
    scale: Literal["", "viridis", "cividis"] = ""
    low: float = 0.0
    high: float = 1.0
    none: str = "none"  # what an image without a value is called


def paint_values(title: str, codes: Indices, entries: Sequence[Entry], none: str = "none") -> Paint:
    """Colours by value.

    Args:
        codes: value per image [N] as an index into `entries`, UNKNOWN where none.
        entries: the values; beyond MOST_ENTRIES the rarest share one grey entry, “other”.
    """
    kept, other = _commonest(codes, len(entries))
    names = [entries[value] for value in kept]
    place = np.full(len(entries) + 1, len(kept), dtype=np.uint8)  # the last stands for UNKNOWN
    place[kept] = np.arange(len(kept))
    place[UNKNOWN] = NO_CODE
    if other:
        names.append(Entry(f"{OTHER} ({other} more)", OTHER_COLOUR))
    return Paint(title, place[codes], tuple(names), none=none)


def paint_numbers(
    title: str, values: Floats, scale: Literal["viridis", "cividis"] = "viridis", none: str = "none"
) -> Paint:
    """Colours from the smallest to the largest number [N]; NaN for none."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    share = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / ((high - low) or 1.0)
    codes = np.where(np.isfinite(values), np.round(share * (NO_CODE - 1)), NO_CODE).astype(np.uint8)
    return Paint(title, codes, scale=scale, low=low, high=high, none=none)


def _commonest(codes: Indices, count: int) -> tuple[Indices, int]:
    """The values to show, in their order, and how many are left out."""
    if count <= MOST_ENTRIES:
        return np.arange(count), 0
    sizes = np.bincount(codes[codes != UNKNOWN], minlength=count)
    kept = np.sort(np.argsort(-sizes, kind="stable")[:MOST_ENTRIES])
    return kept, count - MOST_ENTRIES


def describe(paint: Paint) -> dict[str, Any]:
    """What the codes mean, for the browser."""
    entries = [asdict(entry) for entry in paint.entries]
    return {
        "title": paint.title,
        "entries": entries,
        "scale": paint.scale,
        "low": paint.low,
        "high": paint.high,
        "none": paint.none,
    }
