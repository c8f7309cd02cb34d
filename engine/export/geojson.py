"""GeoJSON: for each slide its labelled tiles as squares in the slide's own pixels; QuPath opens it with its image.

One FeatureCollection a slide. Of each place the finest labelled tile is written. A person's label becomes an
annotation; a pseudo-label that was accepted becomes a tile, as QuPath calls what was computed, with its probability as
a measurement. Coordinates are pixels of the finest level from the upper left corner, as QuPath's are
(https://qupath.readthedocs.io/en/stable/docs/advanced/exporting_annotations.html); the properties are those that QuPath
0.4 and later read (https://github.com/qupath/qupath, QuPathTypeAdapters.java). Who labelled, when and how stands
in the metadata, which QuPath 0.5 and later keep.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from engine import files
from engine.errors import ExportError
from engine.export.base import EXPORTS, Material, NoSettings
from engine.export.names import folder_names
from engine.export.whole_folder import ABOUT, is_ours, write_folder
from engine.images.table import ImageTable, read_table
from engine.labels.events import ACCEPTED
from engine.labels.store import LabelStore
from engine.types import UNKNOWN, Progress

MARK = "handful geojson 1"
PLACE = ["slide", "x", "y", "extent"]  # columns that say where on a slide an image lies; x and y are of its centre
COLLECTION, FEATURE = "FeatureCollection", "Feature"


@EXPORTS.register("geojson")
class GeoJsonExport:
    Config = NoSettings
    card: ClassVar[dict[str, Any]] = {"writes": "folder", "suffix": "-geojson"}

    def __init__(self, config: NoSettings) -> None: ...

    def write(self, material: Material, out: Path, progress: Progress) -> None:
        placed = _placed(material)
        slides = sorted(placed["slide"].unique())
        names = folder_names(slides, taken=(ABOUT,))
        colours = {one.name: _rgb(one.colour) for one in LabelStore(material.project).classes()}

        def fill(folder: Path) -> list[str]:
            for done, slide in enumerate(slides, start=1):
                rows = placed[placed["slide"] == slide].to_dict("records")
                features = [_feature({str(key): value for key, value in row.items()}, colours) for row in rows]
                files.write_text(folder / f"{names[slide]}.geojson", _lines(features))
                progress(done, len(slides))
            return [f"{names[slide]}.geojson" for slide in slides]

        write_folder(out, MARK, fill)

    def recognises(self, out: Path) -> bool:
        return is_ours(out, MARK)


def _placed(material: Material) -> pd.DataFrame:
    """The labels with their places; of several labelled tiles of one place the finest.

    Raises:
        ExportError: no place is known of any of the images.
    """
    table = read_table(material.project)
    if missing := [name for name in PLACE if name not in table.metadata]:
        raise ExportError(
            f"The images of this project have no place on a slide: there is no column {', '.join(missing)}. "
            "Cut slides into tiles on the Slides screen (or with `tile`), or export as CSV."
        )
    known = table.frame[["id", *PLACE]].assign(slide=_slides(material, table)).set_index("id")
    frame = material.frame.join(known, on="id").dropna(subset=PLACE)
    frame = frame[frame["slide"] != ""]
    if frame.empty:
        raise ExportError("None of the labelled images has a place on a slide. Label tiles, or export as CSV.")
    return frame.sort_values("extent", kind="stable").drop_duplicates(["slide", "x", "y"]).sort_index()


def _slides(material: Material, table: ImageTable) -> list[str]:
    """The slide of each image [N], "" where it has none; of our own tiles from their path, which keeps “007”."""
    if material.project.over_tiles:
        return [path.partition("/")[0] for path in table.paths]
    codes, names = table.codes("slide")
    return [names[code] if code != UNKNOWN else "" for code in codes]


def _feature(row: Mapping[str, Any], colours: Mapping[str, list[int]]) -> dict[str, Any]:
    """One tile as QuPath reads it."""
    accepted = row["how"] == ACCEPTED
    told = {name: row[name] for name in ("who", "when", "how", "propagation", "promise", "path") if row[name]}
    properties = {
        "objectType": "tile" if accepted else "annotation",
        "classification": {"name": row["class"], "color": colours[row["class"]]},
        **({"measurements": {"probability": float(row["probability"])}} if accepted else {}),
        "metadata": told,
    }
    return {
        "type": FEATURE,
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"handful {row['id']}")),  # the same image is the same object again
        "geometry": {"type": "Polygon", "coordinates": [_square(row["x"], row["y"], row["extent"])]},
        "properties": properties,
    }


def _square(x: float, y: float, extent: float) -> list[list[float]]:
    """The corners of a square about a centre, closed; clockwise as seen, y pointing down."""
    left, top, right, bottom = x - extent / 2, y - extent / 2, x + extent / 2, y + extent / 2
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return [[float(one), float(other)] for one, other in corners]


def _lines(features: list[dict[str, Any]]) -> str:
    """A FeatureCollection with a line for each feature: thousands of them stay readable and small."""
    listed = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
    return f'{{"type": "{COLLECTION}", "features": [\n{listed}\n]}}\n'


def _rgb(colour: str) -> list[int]:
    """#RRGGBB as three numbers."""
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
