"""Patterns of file names: a template such as `{patient}_x{x:number}`, or a regular expression with named groups.

A template is read from the end of the path: its last part is the file name without its ending, and each “/” before that
is one folder level. `{name}` takes what stands there, `{name:number}` digits only, `{name:letters}` letters only, `*`
anything that is not wanted; all else stands for itself, and `{{` for a brace. A column named twice must read the same
both times, as where a folder's name stands again in the file's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from engine.errors import PatternInvalid
from engine.images.columns import tidy

KINDS = {"": r"[^/]+?", "text": r"[^/]+?", "number": r"\d+(?:\.\d+)?", "letters": r"[^\W\d_]+"}
EXAMPLE = "{patient}_{slide}"


@dataclass(frozen=True)
class Part:
    """A piece of a name: what a column takes of it or, where `column` is empty, what stands between columns."""

    text: str
    column: str = ""


@dataclass(frozen=True, eq=False)
class Parsed:
    """What a pattern reads from names."""

    columns: pd.DataFrame  # [N rows] tidy columns; empty where the name does not match
    unmatched: list[int]  # which of the names do not match, in order


def parse(names: Sequence[str], pattern: str) -> Parsed:
    """The columns that a pattern reads from relative paths [N].

    Raises:
        PatternInvalid: the pattern does not compile or names no column.
    """
    values, matched = read_pattern(names, pattern)
    frame = pd.DataFrame({name: tidy(pd.Series(column, dtype="str")) for name, column in values.items()})
    return Parsed(frame, [place for place, fits in enumerate(matched) if not fits])


def read_pattern(names: Sequence[str], pattern: str) -> tuple[dict[str, list[str]], list[bool]]:
    """The text [N] that a pattern gives each of its columns, “” where it gives none; and which names [N] match.

    Raises:
        PatternInvalid: the pattern does not compile or names no column.
    """
    compiled = compile_pattern(pattern)
    matches = [compiled.search(name) for name in names]
    columns = {name: [(match[name] or "") if match else "" for match in matches] for name in compiled.groupindex}
    return columns, [match is not None for match in matches]


def parts(name: str, pattern: str) -> list[Part]:
    """A path cut into what the columns of a pattern take and what lies between; one plain part where it does not match.

    Raises:
        PatternInvalid: the pattern does not compile or names no column.
    """
    compiled = compile_pattern(pattern)
    match = compiled.search(name)
    found = [(*match.span(column), column) for column in compiled.groupindex] if match else []
    return cut(name, found)


def cut(name: str, spans: Sequence[tuple[int, int, str]]) -> list[Part]:
    """A name cut at the spans (start, end, column); of spans within each other, the narrower ones show."""
    owner = [""] * len(name)
    for start, end, column in sorted(spans, key=lambda span: span[0] - span[1]):
        if start >= 0:  # an optional group that took nothing
            owner[start:end] = [column] * (end - start)
    edges = [place for place in range(1, len(name)) if owner[place] != owner[place - 1]]
    begins, ends = [0, *edges], [*edges, len(name)]
    return [Part(name[begin:end], owner[begin]) for begin, end in zip(begins, ends, strict=True)] if name else []


def escape(text: str) -> str:
    """Text that stands for itself in a template."""
    return text.replace("{", "{{").replace("}", "}}")


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression, to be searched in relative paths, that a template or a regular expression stands for.

    Raises:
        PatternInvalid: it does not compile, or names no column.
    """
    is_regex = "(?" in pattern
    source = pattern if is_regex else _translate(pattern)
    try:
        compiled = re.compile(source)
    except re.error as error:
        raise PatternInvalid(_say(pattern, error)) from None
    if not compiled.groupindex:
        raise PatternInvalid(
            f"The pattern “{pattern}” names no column. Put a name in braces for each part that is to become one, as in "
            f"{EXAMPLE}, or name the groups of a regular expression, as in (?P<patient>[0-9]+)."
        )
    return compiled


def _translate(template: str) -> str:
    """A template as a regular expression that ends where the path ends."""
    named: set[str] = set()
    pieces = []
    for token in re.split(r"(\{\{|\}\}|\{[^{}]*\}|\*|[{}])", template.strip().removeprefix("/")):
        if token in ("{{", "}}"):
            pieces.append(re.escape(token[0]))
        elif token == "*":
            pieces.append(r"[^/]*?")
        elif token in ("{", "}"):
            raise PatternInvalid(
                f"The pattern “{template}” has a “{token}” without its partner. Write a column as {EXAMPLE}; a brace "
                "that is part of the name is written twice."
            )
        elif token.startswith("{"):
            pieces.append(_column(token[1:-1], named, template))
        else:
            pieces.append(re.escape(token))
    return rf"(?:^|/){''.join(pieces)}(?:\.[^./]+)?\Z"


def _column(inside: str, named: set[str], template: str) -> str:
    name, _, kind = (text.strip() for text in inside.partition(":"))
    if not name.isidentifier():
        raise PatternInvalid(
            f"“{name}” in the pattern “{template}” cannot name a column. Use letters, digits and “_”, beginning with a "
            f"letter, as in {EXAMPLE}."
        )
    if kind not in KINDS:
        raise PatternInvalid(
            f"“{kind}” in the pattern “{template}” is no kind of text. Write {{{name}:number}}, {{{name}:letters}} "
            f"or {{{name}}}."
        )
    if name in named:
        return f"(?P={name})"
    named.add(name)
    return f"(?P<{name}>{KINDS[kind]})"


def _say(pattern: str, error: re.error) -> str:
    """What is wrong with a regular expression, in a sentence that points at the place."""
    place = "" if error.pos is None else f" at character {error.pos + 1}"
    hint = " Named groups are written (?P<name>…)." if re.search(r"\(\?<[^=!]", pattern) else ""
    what = f"The pattern “{pattern}” is no regular expression: {error.msg}{place}."
    return f"{what}{hint} Mend it, or use a template as {EXAMPLE}."
