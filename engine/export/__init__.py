"""Labels out of a project. A format is one file plus one import line here."""

import engine.export.csv_file
import engine.export.folders
import engine.export.geojson
import engine.export.json_file
import engine.export.parquet_file  # noqa: F401  each registers itself
from engine.export.base import COLUMNS, EXPORTS, Exporter, Material
from engine.export.run import ExportReport, collect, export

__all__ = ["COLUMNS", "EXPORTS", "ExportReport", "Exporter", "Material", "collect", "export"]
