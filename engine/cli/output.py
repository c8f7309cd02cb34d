"""How the command line prints: one JSON value, or text for people; a progress bar on a terminal, nothing on a pipe."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.types import Progress as Report
from engine.types import silent


def show(value: Any, as_json: bool, text: str = "") -> None:
    """Print `value` as one JSON value, or else `text`, or else `value` as a table."""
    if as_json:
        print(json.dumps(value, default=plain, ensure_ascii=False, allow_nan=False))
    elif text:
        print(text)
    else:
        _print_table(value)


def plain(value: Any) -> Any:
    """What JSON can say of a record, a path or a number of numpy's."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not for JSON")


def warn(sentences: Sequence[str]) -> None:
    """Print warnings on stderr where that is a terminal, and nothing elsewhere."""
    if sys.stderr.isatty():
        for sentence in sentences:
            print(f"Warning: {sentence}", file=sys.stderr)


@contextmanager
def progress_bar(what: str) -> Iterator[Report]:
    """A Progress that draws a bar on stderr where that is a terminal, and is silent elsewhere."""
    if not sys.stderr.isatty():
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def _print_table(value: Any) -> None:
    rows: Sequence[Any] = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    records = [row if isinstance(row, Mapping) else plain(row) for row in rows]
    if not records:
        print("nothing")
        return
    names = [name for name in records[0] if not isinstance(records[0][name], (list, dict, tuple))]
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "))
    for record in records:
        table.add_row(*(_cell(record[name]) for name in names))
    Console().print(table)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    return "" if value is None else str(value)
