"""Which patterns file names follow: proposals from the names alone, each with what it would read and why.

Names are cut at punctuation, folder by folder. What never changes stays as it is; what changes becomes a column, called
after the word before it (`x351`, `slide-7`), after its values (20, 40, 100 are magnifications) or after its place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine.images.names import NAMES_TRIED, READERS, read_names
from engine.images.patterns import escape, parse
from engine.images.pieces import Piece, name_pieces, piece_of
from engine.project import ColumnSettings

MOST = 4  # proposals
LEAST_SHARE = 0.3  # of the names that a proposal must read
RARE = 0.05  # share of the names below which another make-up of names is an exception, not a proposal
EXAMPLES = 3

Cut = tuple[tuple[str, ...], tuple[str, ...]]  # fields, and what stands between them: one fewer


@dataclass(frozen=True)
class ProposedColumn:
    """A column that a proposal would give."""

    name: str
    kind: str  # number or text
    distinct: int  # different values among the names looked at
    example: str


@dataclass(frozen=True)
class Proposal:
    """A way to read the names."""

    title: str  # the template itself, or what the known scheme is called
    pattern: str  # a template; "" where a built-in reader reads
    reader: str  # the built-in reader; "none" where the pattern reads
    columns: tuple[ProposedColumn, ...]
    matched: int  # of the names looked at
    looked_at: int
    examples: tuple[str, ...]  # names that it reads
    reason: str  # one sentence

    @property
    def coverage(self) -> float:
        """Share of the names that it reads, in [0, 1]."""
        return self.matched / self.looked_at if self.looked_at else 0.0


def propose(names: Sequence[str]) -> list[Proposal]:
    """Ways to read these relative paths, the best first: known schemes, then templates made from the names."""
    tried = list(names[:: max(1, len(names) // NAMES_TRIED)])
    found = [_known(tried, reader) for reader in READERS]
    found += [_own(tried, template) for template in dict.fromkeys(_templates(tried))]
    useful = [one for one in found if one and one.coverage >= LEAST_SHARE]
    return sorted(useful, key=_rank)[:MOST]


def _rank(one: Proposal) -> tuple[float, int]:
    """By coverage, the known schemes first, in the order in which “auto” prefers them; then templates by columns."""
    return -round(one.coverage, 1), -len(one.columns) if one.pattern else -1000


def _known(names: Sequence[str], reader: str) -> Proposal | None:
    fitting = [name for name in names if READERS[reader](name) is not None]
    if not fitting:
        return None
    frame = read_names(fitting, ColumnSettings(reader=reader, folders=False))
    title, _, rest = (READERS[reader].__doc__ or "").strip().partition("\n")[0].partition(":")
    reason = f"{_how_many(len(fitting), len(names))}:{rest.replace('`', '')}"
    return Proposal(
        title, "", reader, _columns(frame), len(fitting), len(names), tuple(fitting[:EXAMPLES]), reason.strip()
    )


def _own(names: Sequence[str], template: str) -> Proposal | None:
    read = parse(names, template)
    missed = set(read.unmatched)
    rows = [row for row in range(len(names)) if row not in missed]
    if not rows:
        return None
    columns = _columns(parse([names[row] for row in rows], template).columns)
    if all(column.kind == "text" and column.distinct == len(rows) for column in columns):
        return None  # it would only repeat the names
    examples = tuple(names[row] for row in rows[:EXAMPLES])
    told = ", ".join(_tell(column, len(rows)) for column in columns)
    reason = f"{_how_many(len(rows), len(names))}: what differs is {told}."
    return Proposal(template, template, "none", columns, len(rows), len(names), examples, reason)


def _columns(frame: pd.DataFrame) -> tuple[ProposedColumn, ...]:
    numeric = pd.api.types.is_numeric_dtype
    return tuple(
        ProposedColumn(
            str(name),
            "number" if numeric(frame[name]) else "text",
            int(frame[name].nunique()),
            str(frame[name].iloc[0]),
        )
        for name in frame
    )


def _tell(column: ProposedColumn, names: int) -> str:
    if column.distinct == names:
        return f"{column.name} (another in each name)"
    return f"{column.name} ({column.distinct:,} {'numbers' if column.kind == 'number' else 'values'})"


def _how_many(matched: int, names: int) -> str:
    return "All names" if matched == names else f"{matched / names:.0%} of the names"


def _templates(names: Sequence[str]) -> list[str]:
    """Templates for each depth of folders that is not rare, in order of how many names have it."""
    levels = [name.rpartition(".")[0].split("/") for name in names]
    made = []
    for depth, count in Counter(map(len, levels)).most_common():
        if count >= RARE * len(names):
            made += _templates_at([path for path in levels if len(path) == depth])
    return made


def _templates_at(paths: list[list[str]]) -> list[str]:
    """Templates for paths with the same number of folders."""
    files = [_cut(path[-1]) for path in paths]
    counted = Counter(separators for _, separators in files).most_common(3)
    shapes = [shape for shape, count in counted if count >= RARE * len(paths)]
    made = []
    for shape in shapes:
        rows = [row for row, (_, separators) in enumerate(files) if separators == shape]
        made.append(_template([paths[row][:-1] for row in rows], [files[row] for row in rows]))
    usual = [row for row, (_, separators) in enumerate(files) if separators in shapes]
    if len(shapes) > 1 and (joined := _joined([files[row] for row in usual])):
        made.insert(0, _template([paths[row][:-1] for row in usual], joined))
    return [template for template in made if template]


def _cut(text: str) -> Cut:
    """“p02_19-x” as its fields (“p02”, “19”, “x”) and what stands between them (“_”, “-”)."""
    pieces = re.split(r"([\W_]+)", text)
    return tuple(pieces[::2]), tuple(pieces[1::2])


def _joined(files: Sequence[Cut]) -> list[Cut] | None:
    """The same cuts with all but the last fields joined into one, where only the last ones are alike in all names."""
    for alike in range(min(len(separators) for _, separators in files), 0, -1):
        endings = {separators[-alike:] for _, separators in files}
        if len(endings) == 1:
            return [((_glue(cut, len(cut[0]) - alike), *cut[0][-alike:]), cut[1][-alike:]) for cut in files]
    return None


def _glue(cut: Cut, fields: int) -> str:
    return "".join(
        field + separator for field, separator in zip(cut[0][:fields], (*cut[1][: fields - 1], ""), strict=True)
    )


def _template(folders: Sequence[Sequence[str]], files: Sequence[Cut]) -> str:
    """The template of names that are made alike, from the first folder that differs on; “” where nothing does."""
    columns: list[tuple[str, ...]] = []  # all fields, the folders' first
    between: list[str] = []  # what follows each of them
    for level in zip(*folders, strict=True):
        cuts = [_cut(name) for name in level]
        alike = len({separators for _, separators in cuts}) == 1
        columns += zip(*(fields for fields, _ in cuts), strict=True) if alike else [level]
        between += [*(cuts[0][1] if alike else ()), "/"]
    in_folders = len(columns)
    columns += zip(*(fields for fields, _ in files), strict=True)
    between += [*files[0][1], ""]
    pieces = [piece_of(values) for values in columns]
    named = name_pieces(pieces, between, in_folders)
    written = [_write(piece, name) + escape(after) for piece, name, after in zip(pieces, named, between, strict=True)]
    return "".join(written[_first_wanted(pieces, between) :])


def _first_wanted(pieces: Sequence[Piece], between: Sequence[str]) -> int:
    """Where the first folder, or the file's name, begins in which anything differs; behind all where nothing does."""
    begins = 0
    for place, piece in enumerate(pieces):
        if piece.varies:
            return begins
        if between[place] == "/":
            begins = place + 1
    return len(pieces)


def _write(piece: Piece, name: str) -> str:
    if not piece.varies:
        return escape(piece.values[0])
    kind = ":number" if piece.is_number else ""
    return f"{escape(piece.before)}{{{name}{kind}}}{escape(piece.after)}"
