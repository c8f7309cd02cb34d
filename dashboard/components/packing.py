"""Arrays as base64 text, for Streamlit turns bytes in a dict into their repr and redraws Arrow data in every run."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.types import Indices


def pack(values: NDArray[Any], dtype: DTypeLike) -> str:
    """The little-endian bytes of an array as base64."""
    plain = np.ascontiguousarray(values, dtype=np.dtype(dtype).newbyteorder("<"))
    return base64.b64encode(plain.tobytes()).decode("ascii")


def pack_mask(rows: Indices, count: int) -> str:
    """One bit per item, the lowest bit of a byte first; "" where no row is given."""
    if not len(rows):
        return ""
    mask = np.zeros(count, dtype=np.uint8)
    mask[rows] = 1
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode("ascii")


def unpack_mask(text: str, count: int) -> Indices:
    """The rows whose bit is set, ascending; bits past `count` are ignored."""
    packed = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")[:count])


def unpack_rows(event: dict[str, Any], count: int) -> Indices:
    """The rows of a table of `count` that an event names, as a list or as a mask (shared/bytes.js); none if neither."""
    if "mask" in event:
        return unpack_mask(event["mask"], count)
    rows = np.frombuffer(base64.b64decode(event.get("rows", "")), dtype="<i4").astype(np.int64)
    return rows[(rows >= 0) & (rows < count)]
