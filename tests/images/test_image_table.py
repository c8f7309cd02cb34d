"""The table answers by column, group and id."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.errors import ColumnMissing, TableUnreadable, UnknownImage
from engine.images.table import MEASURED, ImageTable, read_table
from engine.project import Project


def table(**columns: list[object]) -> ImageTable:
    count = len(next(iter(columns.values())))
    measured = {
        name: range(count) if name in ("width", "height", "bytes", "modified") else [f"{name}{n}" for n in range(count)]
        for name in MEASURED
    }
    return ImageTable(pd.DataFrame({**measured, **columns}))


def test_codes_follow_the_order_of_the_values_and_empty_is_unknown() -> None:
    codes, names = table(kind=["b", "", "a", "b"]).codes("kind")
    assert codes.tolist() == [1, -1, 0, 1]
    assert names == ["a", "b"]


def test_numbers_are_ordered_as_numbers_and_named_without_point_nought() -> None:
    codes, names = table(patient=[10.0, float("nan"), 9.0]).codes("patient")
    assert codes.tolist() == [1, -1, 0]
    assert names == ["9", "10"]


def test_groups_list_their_members() -> None:
    groups = table(kind=["b", "", "a", "b"]).groups("kind")
    members = [
        groups.order[start : start + size].tolist() for start, size in zip(groups.start, groups.size, strict=True)
    ]
    assert members == [[2], [0, 3]]


def test_a_column_without_values_has_no_groups() -> None:
    groups = table(kind=["", ""]).groups("kind")
    assert (len(groups.order), len(groups.start), groups.codes.tolist()) == (0, 0, [-1, -1])


def test_metadata_is_what_the_scan_did_not_measure() -> None:
    assert table(kind=["a"], x=[1]).metadata == ["kind", "x"]


def test_a_missing_column_names_the_nearest() -> None:
    with pytest.raises(ColumnMissing, match="Did you mean patient"):
        table(patient=["a"]).column("pateint")


def test_rows_by_id_and_an_unknown_id() -> None:
    assert table(x=[1, 2, 3]).rows(["id2", "id0", "id2"]).tolist() == [2, 0, 2]
    with pytest.raises(UnknownImage, match="id9"):
        table(x=[1]).rows(["id9"])


def test_the_fingerprint_changes_with_content_and_not_with_metadata() -> None:
    one, other = table(kind=["a", "b"]), table(kind=["c", "d"])
    assert one.fingerprint == other.fingerprint
    assert ImageTable(one.frame.assign(content=["z", "content1"])).fingerprint != one.fingerprint


def test_a_damaged_table_says_so(project: Project) -> None:
    project.table_path.write_bytes(b"no parquet")
    with pytest.raises(TableUnreadable, match=r"images\.parquet"):
        read_table(project)
