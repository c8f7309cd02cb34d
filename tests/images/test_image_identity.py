"""Ids follow the content first, then the path; no row is ever given to two files."""

from __future__ import annotations

from engine.images.identity import identify, new_id
from engine.images.table import Row


def row(id: str, path: str, content: str, state: str = "ok") -> Row:
    return Row(id, path, content, 1, 1, 1, "RGB", 0, state, "")


def ids(files: list[tuple[str, str]], rows: list[Row]) -> list[str]:
    return [found.id if found else "new" for found in identify(files, rows)]


def test_an_untouched_file_keeps_its_id() -> None:
    assert ids([("a", "X")], [row("1", "a", "X")]) == ["1"]


def test_a_moved_file_keeps_its_id() -> None:
    assert ids([("b/a", "X")], [row("1", "a", "X")]) == ["1"]


def test_an_edited_file_keeps_its_id() -> None:
    assert ids([("a", "Y")], [row("1", "a", "X")]) == ["1"]


def test_two_files_that_swap_names_swap_places_not_ids() -> None:
    assert ids([("a", "Y"), ("b", "X")], [row("1", "a", "X"), row("2", "b", "Y")]) == ["2", "1"]


def test_a_new_file_under_a_moved_files_name_is_new() -> None:
    assert ids([("a", "Z"), ("old/a", "X")], [row("1", "a", "X")]) == ["new", "1"]


def test_copies_stay_separate_and_a_further_copy_is_new() -> None:
    rows = [row("1", "a", "X"), row("2", "b", "X")]
    assert ids([("a", "X"), ("b", "X"), ("c", "X")], rows) == ["1", "2", "new"]


def test_of_two_moved_copies_each_keeps_its_file_name() -> None:
    rows = [row("1", "a", "X"), row("2", "b", "X")]
    assert ids([("new/b", "X"), ("new/a", "X")], rows) == ["2", "1"]


def test_a_missing_image_comes_back_by_content_only() -> None:
    missing = [row("1", "a", "X", "missing")]
    assert ids([("b", "X")], missing) == ["1"]
    assert ids([("a", "Y")], missing) == ["new"]


def test_a_damaged_file_keeps_the_id_of_its_path() -> None:
    assert ids([("a", "")], [row("1", "a", "X")]) == ["1"]


def test_a_new_id_is_the_same_in_every_scan_of_a_copy_but_never_taken_twice() -> None:
    taken: set[str] = set()
    first, second = new_id("a", "X", taken), new_id("a", "X", taken)
    assert first == new_id("a", "X", set())
    assert first != second
    assert taken == {first, second}
