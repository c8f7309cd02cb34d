"""What an export format is: it writes collected labels to one file or one folder, and knows its own work again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pandas as pd

from engine.project import Project
from engine.registry import Registry
from engine.types import Progress

EXPORTS: Registry[type[Exporter]] = Registry("export format")

COLUMNS = ("path", "class", "how", "who", "when", "probability", "propagation", "promise", "id", "content")


@dataclass(frozen=True, eq=False)
class Material:
    """What is to be exported."""

    project: Project
    frame: pd.DataFrame  # COLUMNS, one row a labelled image, in the order of the image table; probability NaN, text ""


@dataclass(frozen=True)
class NoSettings:
    """The Config of a format without settings."""


class Exporter(Protocol):
    """A format, made from its Config; it holds no state."""

    Config: type[Any]
    card: ClassVar[dict[str, Any]]  # "writes": "file" or "folder"; "suffix": of the file or folder, or ""

    def __init__(self, config: Any) -> None: ...

    def write(self, material: Material, out: Path, progress: Progress) -> None:
        """Write to `out`, which does not exist or is an earlier export of this format; whole or not at all.

        Raises:
            ExportError: the format cannot carry these labels.
            OSError: the disk's; the caller says it in words.
        """
        ...

    def recognises(self, out: Path) -> bool:
        """Whether what lies at `out` is an earlier export of this format and nothing else, so it may be replaced."""
        ...
