"""The pieces that file names are made of, and what a column of them is likely to be called."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

FEW = 12  # values up to which words are kinds rather than names
ON_A_GRID = 8  # pixels; places on a slide are apart by a multiple of at least this

_WORDS = {  # the word in front of a value → the column's name, where it is another
    "patient": ("p", "pat", "pt", "case", "subject", "subj", "sub"),
    "slide": ("wsi", "sl"),
    "section": ("sec",),
    "magnification": ("mag",),
    "field": ("fov",),
    "time": ("t", "frame", "timepoint", "hour", "min"),
    "number": ("n", "no", "nr", "num", "i", "id", "idx", "index", "img", "image", "tile", "patch", "seq"),
    "class_in_name": ("class", "cls", "label"),
    "channel": ("ch",),
    "series": ("ser",),
}
_NAME_OF = {word: name for name, words in _WORDS.items() for word in (name, *words)}
_UNITS = {"x": "magnification", "um": "micrometres", "h": "hours", "d": "days", "s": "seconds", "min": "minutes"}
_VALUES = {  # values, in lower case, that give a column away
    "split": ["train", "training", "val", "valid", "validation", "test", "testing"],
    "stain": ["he", "h&e", "hes", "ihc", "pas", "ki67", "er", "pr", "her2", "trichrome", "masson", "giemsa"],
    "class_in_name": ["benign", "malignant", "normal", "tumor", "tumour", "cancer", "stroma", "negative", "positive"],
    "side": ["left", "right", "l", "r"],
}
_MAGNIFICATIONS = {1.25, 2, 2.5, 4, 5, 10, 20, 40, 60, 63, 100, 200, 400}


@dataclass(frozen=True)
class Piece:
    """One field of many names: a part that differs, between parts that all share."""

    values: tuple[str, ...]  # [N] what differs, or the whole field where nothing does
    before: str = ""  # in front of the value in every name, as “x” of x351
    after: str = ""  # behind it, as “x” of 100x

    @property
    def varies(self) -> bool:
        return len(set(self.values)) > 1

    @property
    def is_number(self) -> bool:
        return all(value.isascii() and value.isdigit() for value in self.values)


def piece_of(fields: Sequence[str]) -> Piece:
    """A field's texts [N]; letters that all share around a number are taken off it."""
    found = [re.fullmatch(r"([^\W\d]*)(\d+)([^\W\d]*)", field, re.ASCII) for field in fields]
    numbers = [match for match in found if match]
    if len(numbers) == len(fields) and len({(match[1], match[3]) for match in numbers}) == 1:
        piece = Piece(tuple(match[2] for match in numbers), numbers[0][1], numbers[0][3])
        return piece if piece.varies else Piece(tuple(fields))
    return Piece(tuple(fields))


def name_pieces(pieces: Sequence[Piece], between: Sequence[str], in_folders: int) -> list[str]:
    """A column's name for each piece that varies, “” for the others; pieces that always agree have the same name.

    Args:
        pieces: of the whole path, from the outside in.
        between: what follows each piece; “/” behind a folder.
        in_folders: how many of the pieces are of folders.
    """
    names = [""] * len(pieces)
    by_values: dict[tuple[str, ...], str] = {}
    for place, piece in enumerate(pieces):
        if piece.varies:
            level = between[:place].count("/") + 1 if place < in_folders else 0
            wished = by_values.get(piece.values) or _free(_guess(pieces, between, place, level), names)
            names[place] = by_values[piece.values] = wished
    _name_places(pieces, names)
    return names


def _guess(pieces: Sequence[Piece], between: Sequence[str], place: int, level: int) -> str:
    """What a piece is likely to be called; `level` counts the folders from the outside in, 0 for the file's name."""
    piece = pieces[place]
    seen = {value.lower() for value in piece.values}
    if piece.after.lower() in _UNITS:
        return _UNITS[piece.after.lower()]
    if word := piece.before.strip("_").lower() or _word_before(pieces, between, place):
        counts = piece.is_number and place == len(pieces) - 1 and len(seen) == len(piece.values)
        return _NAME_OF.get(word, "number" if counts else word)
    for name, known in _VALUES.items():
        if len(seen & set(known)) > len(seen) / 2:
            return name
    if piece.is_number:
        return _guess_number(piece, place == len(pieces) - 1)
    if level:
        return f"folder_{level}"
    return "kind" if len(seen) <= min(FEW, len(piece.values) // 3) else "group" if _repeats(piece) else "name"


def _guess_number(piece: Piece, is_last: bool) -> str:
    values = [int(value) for value in piece.values]
    if len(set(values)) <= 6 and set(values) <= _MAGNIFICATIONS and max(values) >= 10:
        return "magnification"
    if all(len(value) == 8 and value[:2] in ("19", "20") for value in piece.values):
        return "date"
    return "number" if is_last or not _repeats(piece) else "group"


def _word_before(pieces: Sequence[Piece], between: Sequence[str], place: int) -> str:
    """The constant word that a value follows in the same folder or file, as “slide” in slide-7."""
    if place == 0 or between[place - 1] == "/" or pieces[place - 1].varies or not pieces[place].is_number:
        return ""
    word = pieces[place - 1].values[0].lower()
    return word if re.fullmatch(r"[a-z]{1,12}", word) else ""


def _repeats(piece: Piece) -> bool:
    return len(set(piece.values)) <= len(piece.values) / 2


def _name_places(pieces: Sequence[Piece], names: list[str]) -> None:
    """Two numbers at the end that lie on a grid are places on a slide: call them x and y."""
    if len(pieces) < 2 or not all(piece.varies and piece.is_number and not piece.before for piece in pieces[-2:]):
        return
    if {"x", "y"} & set(names) or not all(_on_a_grid(piece) for piece in pieces[-2:]):
        return
    names[-2:] = ["x", "y"]


def _on_a_grid(piece: Piece) -> bool:
    values = sorted({int(value) for value in piece.values})
    return len(values) > 2 and math.gcd(*(value - values[0] for value in values)) >= ON_A_GRID


def _free(name: str, taken: Sequence[str]) -> str:
    """The name, with a number where another piece has it; always one that can name a column."""
    name = re.sub(r"\W", "_", name)
    name = name if name.isidentifier() else f"part_{name}"
    number, wished = 2, name
    while wished in taken:
        wished, number = f"{name}_{number}", number + 1
    return wished
