"""Colours of the map, and arrays on their way to the browser."""

from __future__ import annotations

import base64

import numpy as np

from dashboard.components.map.paint import MOST_ENTRIES, NO_CODE, Entry, paint_numbers, paint_values
from dashboard.components.packing import pack, pack_mask, unpack_mask, unpack_rows


def entries(count: int) -> list[Entry]:
    return [Entry(f"value {place}", "#112233") for place in range(count)]


def test_values_keep_their_codes_and_unknown_has_none() -> None:
    paint = paint_values("Label", np.array([1, 0, -1, 2]), entries(3))
    assert paint.codes.tolist() == [1, 0, NO_CODE, 2]


def test_of_many_values_the_rarest_share_one_entry() -> None:
    codes = np.concatenate([np.repeat(np.arange(13), 2), [13]])  # 14 values, the last once
    paint = paint_values("Patient", codes, entries(14))
    assert len(paint.entries) == MOST_ENTRIES + 1
    assert paint.entries[-1].name == "other (2 more)"
    assert paint.codes[-1] == MOST_ENTRIES
    assert paint.codes[0] == 0


def test_numbers_run_from_0_to_254_and_nan_has_none() -> None:
    paint = paint_numbers("Depth", np.array([10, 20, 15, np.nan], dtype=np.float32))
    assert paint.codes.tolist() == [0, 254, 127, NO_CODE]
    assert (paint.low, paint.high) == (10, 20)


def test_equal_numbers_are_all_the_lowest() -> None:
    assert paint_numbers("Depth", np.full(3, 7, dtype=np.float32)).codes.tolist() == [0, 0, 0]


def test_a_mask_comes_back_as_the_rows_it_was_made_of() -> None:
    rows = np.array([0, 7, 8, 30])
    assert unpack_mask(pack_mask(rows, 31), 31).tolist() == rows.tolist()


def test_the_first_row_is_the_lowest_bit() -> None:
    assert base64.b64decode(pack_mask(np.array([0]), 3)) == b"\x01"


def test_an_event_names_rows_as_a_list_or_as_a_mask() -> None:
    assert unpack_rows({"rows": pack(np.array([5, 2]), np.int32)}, 10).tolist() == [5, 2]
    assert unpack_rows({"mask": pack_mask(np.array([2, 5]), 10)}, 10).tolist() == [2, 5]
    assert unpack_rows({"kind": "undo"}, 10).tolist() == []


def test_rows_outside_the_table_are_dropped() -> None:
    assert unpack_rows({"rows": pack(np.array([-1, 3, 10]), np.int32)}, 10).tolist() == [3]
