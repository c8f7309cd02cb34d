"""Which image is which after files were moved, edited, swapped or lost: ids follow the content, then the path."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from engine.images.table import Row

PathContent: TypeAlias = tuple[str, str]  # where a file is now, and the hash of its bytes (“” where unusable)


def identify(files: Sequence[PathContent], rows: Sequence[Row]) -> list[Row | None]:
    """For each file [N] the row that it continues, or None where it is new. No row is given twice.

    In this order: same path and content; same content elsewhere (moved; the same file name first); same path (edited or
    damaged). A missing row is continued by its content only: another picture under an old name is another image.
    """
    free = dict.fromkeys(range(len(rows)))
    found: list[Row | None] = [None] * len(files)

    def take(index: int, candidates: Sequence[int]) -> None:
        row = next((row for row in candidates if row in free), None)
        if row is not None:
            del free[row]
            found[index] = rows[row]

    exact, content, path = _places(rows)
    for index, key in enumerate(files):
        take(index, exact[key])
    for index, (place, hashed) in enumerate(files):
        if found[index] is None and hashed:
            same_name = [row for row in content[hashed] if _file_name(rows[row].path) == _file_name(place)]
            take(index, same_name)
            if found[index] is None:
                take(index, content[hashed])
    for index, (place, _) in enumerate(files):
        if found[index] is None:
            take(index, path[place])
    return found


def new_id(path: str, content: str, taken: set[str]) -> str:
    """12 hex digits made from the path and content at first sight, so that a second scan of a copy gives the same ids.

    Adds the id to `taken`.
    """
    turn = 0
    while (made := _digest(path, content, turn)) in taken:
        turn += 1
    taken.add(made)
    return made


def _places(
    rows: Sequence[Row],
) -> tuple[dict[PathContent, list[int]], dict[str, list[int]], dict[str, list[int]]]:
    """Row numbers by path and content, by content, and by path (of rows that are not missing)."""
    exact: dict[PathContent, list[int]] = defaultdict(list)
    content: dict[str, list[int]] = defaultdict(list)
    path: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        exact[row.path, row.content].append(number)
        content[row.content].append(number)
        if row.state != "missing":
            path[row.path].append(number)
    return exact, content, path


def _digest(path: str, content: str, turn: int) -> str:
    return hashlib.blake2b(f"{path}\0{content}\0{turn}".encode(), digest_size=6).hexdigest()


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]
