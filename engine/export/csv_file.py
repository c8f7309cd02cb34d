"""CSV: one line an image with its class and how it came by it; opens in any spreadsheet, and imports again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from engine import files
from engine.export.base import COLUMNS, EXPORTS, Material, NoSettings
from engine.types import Progress


@EXPORTS.register("csv")
class CsvExport:
    Config = NoSettings
    card: ClassVar[dict[str, Any]] = {"writes": "file", "suffix": ".csv"}

    def __init__(self, config: NoSettings) -> None: ...

    def write(self, material: Material, out: Path, progress: Progress) -> None:
        files.write_text(out, as_csv(material))
        progress(len(material.frame), len(material.frame))

    def recognises(self, out: Path) -> bool:
        with out.open("rb") as file:
            return file.readline().strip() == ",".join(COLUMNS).encode()


def as_csv(material: Material) -> str:
    """UTF-8 text, commas, one header line; a probability is written so that it reads back the same."""
    return str(material.frame.to_csv(index=False, lineterminator="\n"))
