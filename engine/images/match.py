"""Paths as people write them in a CSV → rows of the image table.

A path matches by being the same, by being the same from some folder on (“images/a/1.png” for “a/1.png”, or the other
way round), or by its file name where only one image and only one line has that name.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import UNKNOWN, Indices

BY_PATH, BY_ENDING, BY_NAME, AMBIGUOUS, NOWHERE = "path", "ending", "name", "ambiguous", "nowhere"


@dataclass(frozen=True, eq=False)
class Matching:
    """Which image each asked path means, and how that is known."""

    rows: Indices  # [M] row among the known paths, UNKNOWN where none or more than one fits
    how: list[str]  # [M] BY_PATH, BY_ENDING, BY_NAME; AMBIGUOUS where several fit, NOWHERE where none does


def match(known: Sequence[str], asked: Sequence[str]) -> tuple[Indices, list[str]]:
    """For each asked path [M] its row among the known ones.

    Returns:
        rows [M], UNKNOWN where none or more than one image fits; those asked paths that stayed without a row.
    """
    found = find_matches(known, asked)
    return found.rows, [path for path, row in zip(asked, found.rows, strict=True) if row == UNKNOWN]


def find_matches(known: Sequence[str], asked: Sequence[str]) -> Matching:
    """As `match`, with the way in which each path [M] found its row or why it found none."""
    plain = [_plain(path) for path in known]
    row_of = {path: row for row, path in enumerate(plain)}
    named: dict[str, list[int]] = defaultdict(list)
    for row, path in enumerate(plain):
        named[_file_name(path)].append(row)
    wanted = [_plain(path) for path in asked]
    lines_named = Counter(_file_name(path) for path in dict.fromkeys(wanted))

    rows = np.full(len(asked), UNKNOWN, dtype=np.int64)
    how = []
    for line, path in enumerate(wanted):
        alike = named.get(_file_name(path), [])
        if path in row_of:
            rows[line], way = row_of[path], BY_PATH
        elif len(alike) == 1 and lines_named[_file_name(path)] == 1:
            rows[line], way = alike[0], BY_ENDING if path.endswith(f"/{plain[alike[0]]}") else BY_NAME
        else:
            rows[line] = _same_ending(path, plain, alike)
            way = BY_ENDING if rows[line] != UNKNOWN else AMBIGUOUS if alike else NOWHERE
        how.append(way)
    return Matching(rows, how)


def _same_ending(path: str, known: Sequence[str], rows: Sequence[int]) -> int:
    """The one row whose path ends the asked path or is ended by it; the longest wins among the former."""
    shorter = [row for row in rows if path.endswith("/" + known[row])]
    if shorter:
        return max(shorter, key=lambda row: len(known[row]))
    longer = [row for row in rows if known[row].endswith("/" + path)]
    return longer[0] if len(longer) == 1 else UNKNOWN


def _plain(path: str) -> str:
    """One spelling: forward slashes, composed letters (macOS writes decomposed ones), no leading “./”."""
    return unicodedata.normalize("NFC", path.strip().replace("\\", "/")).removeprefix("./")


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]
