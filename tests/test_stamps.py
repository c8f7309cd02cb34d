"""Stamps of files: another one, another content."""

from __future__ import annotations

from pathlib import Path

from engine.files import stamp_of


def test_the_stamp_of_what_is_not_there_is_zeros_also_below_a_file(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    assert stamp_of(file) == (0, 0)
    file.write_text("a,b")
    assert stamp_of(file)[1] == 3
    assert stamp_of(file / "below") == (0, 0)
