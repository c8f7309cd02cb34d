"""Parquet: the same columns as CSV with their types, for pandas, polars, R and Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet
from pyarrow import ArrowInvalid

from engine import files
from engine.export.base import COLUMNS, EXPORTS, Material, NoSettings
from engine.types import Progress


@EXPORTS.register("parquet")
class ParquetExport:
    Config = NoSettings
    card: ClassVar[dict[str, Any]] = {"writes": "file", "suffix": ".parquet"}

    def __init__(self, config: NoSettings) -> None: ...

    def write(self, material: Material, out: Path, progress: Progress) -> None:
        files.write_atomically(out, lambda file: material.frame.to_parquet(file, index=False))
        progress(len(material.frame), len(material.frame))

    def recognises(self, out: Path) -> bool:
        try:
            return tuple(pyarrow.parquet.read_schema(out).names) == COLUMNS
        except ArrowInvalid:  # not Parquet at all
            return False
