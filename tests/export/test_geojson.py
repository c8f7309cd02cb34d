"""GeoJSON: squares at the right place of the right slide, in the words that QuPath reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.errors import ExportError
from engine.export import export
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import ColumnSettings, Project, create_project
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project
from tests.slides.pyramid import write_pyramid

POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
SCHEMA = {  # RFC 7946 for collections of polygons, and what QuPath's reader takes of the properties
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "string", "format": "uuid"},
                    "geometry": {
                        "type": "object",
                        "required": ["type", "coordinates"],
                        "properties": {
                            "type": {"const": "Polygon"},
                            "coordinates": {
                                "type": "array",
                                "minItems": 1,
                                "items": {"type": "array", "minItems": 4, "items": POSITION},
                            },
                        },
                    },
                    "properties": {
                        "type": "object",
                        "required": ["objectType", "classification"],
                        "properties": {
                            "objectType": {"enum": ["annotation", "tile"]},
                            "classification": {
                                "type": "object",
                                "required": ["name", "color"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "color": {
                                        "type": "array",
                                        "items": {"type": "integer", "minimum": 0, "maximum": 255},
                                        "minItems": 3,
                                        "maxItems": 3,
                                    },
                                },
                            },
                            "measurements": {"type": "object", "additionalProperties": {"type": "number"}},
                            "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
                        },
                        "additionalProperties": False,
                    },
                },
            },
        },
    },
}
TILES = [  # path, slide, x, y, extent
    ("a/fine-1.png", "a", 100, 200, 64),
    ("a/fine-2.png", "a", 164, 200, 64),
    ("a/coarse-1.png", "a", 100, 200, 256),
    ("b/fine-1.png", "b", 50.5, 60, 33.5),
]


@pytest.fixture
def tiled(tmp_path: Path) -> Project:
    """Four tiles of two slides."""
    folder = tmp_path / "images"
    for place, (path, *_) in enumerate(TILES):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((16, 16, 3), 40 * place, np.uint8)).save(folder / path)
    pd.DataFrame(TILES, columns=["path", "slide", "x", "y", "extent"]).to_csv(tmp_path / "tiles.csv", index=False)
    columns = ColumnSettings(csv=str(tmp_path / "tiles.csv"), reader="none", folders=False)
    project = create_project(tmp_path / "project", folder, columns=columns)
    prepare(project)
    return project


def label(project: Project, paths: list[str], name: str, probability: float | None = None) -> None:
    table, store = read_table(project), LabelStore(project)
    ids = [str(table.ids[list(table.paths).index(path)]) for path in paths]
    known = {one.name: one for one in store.classes()}
    one = known.get(name) or store.add_class(name, "ann")
    if probability is None:
        store.label(ids, one.id, "ann", "key")
    else:
        store.accept(ids, [one.id] * len(ids), [probability] * len(ids), "spread-0123", "bob")


def written(project: Project, out: Path, slide: str) -> list[dict[str, Any]]:
    export(project, "geojson", out)
    collection = json.loads((out / f"{slide}.geojson").read_text("utf-8"))
    jsonschema.validate(collection, SCHEMA)
    features: list[dict[str, Any]] = collection["features"]
    return features


def test_a_tile_is_a_closed_square_in_pixels_of_its_slide(tiled: Project, tmp_path: Path) -> None:
    label(tiled, ["a/fine-2.png", "b/fine-1.png"], "tumour")
    (one,) = written(tiled, tmp_path / "out", "a")
    assert one["geometry"]["coordinates"] == [[[132, 168], [196, 168], [196, 232], [132, 232], [132, 168]]]
    (other,) = written(tiled, tmp_path / "out", "b")
    assert other["geometry"]["coordinates"][0][0] == [33.75, 43.25]
    assert other["geometry"]["coordinates"][0][2] == [67.25, 76.75]


def test_a_persons_label_is_an_annotation_of_its_class_and_colour(tiled: Project, tmp_path: Path) -> None:
    label(tiled, ["a/fine-1.png"], "tumour")
    (one,) = written(tiled, tmp_path / "out", "a")
    about = one["properties"]
    assert about["objectType"] == "annotation"
    assert about["classification"] == {"name": "tumour", "color": [0, 114, 178]}  # #0072B2, the palette's first
    assert (about["metadata"]["who"], about["metadata"]["how"]) == ("ann", "key")
    assert "measurements" not in about


def test_an_accepted_label_is_a_tile_with_its_probability(tiled: Project, tmp_path: Path) -> None:
    label(tiled, ["a/fine-1.png"], "tumour", probability=0.9)
    (one,) = written(tiled, tmp_path / "out", "a")
    about = one["properties"]
    assert (about["objectType"], about["measurements"]) == ("tile", {"probability": 0.9})
    assert (about["metadata"]["who"], about["metadata"]["propagation"]) == ("bob", "spread-0123")


def test_of_one_place_the_finest_labelled_tile_is_written(tiled: Project, tmp_path: Path) -> None:
    label(tiled, ["a/coarse-1.png"], "tumour")
    (one,) = written(tiled, tmp_path / "out", "a")
    assert one["geometry"]["coordinates"][0][0] == [-28, 72]
    label(tiled, ["a/fine-1.png"], "stroma")
    (one,) = written(tiled, tmp_path / "out", "a")
    assert one["properties"]["classification"]["name"] == "stroma"


def test_the_same_image_is_the_same_object_in_every_export(tiled: Project, tmp_path: Path) -> None:
    label(tiled, ["a/fine-1.png", "a/fine-2.png"], "tumour")
    first, again = (written(tiled, tmp_path / name, "a") for name in ("out", "again"))
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert first[0]["id"] != first[1]["id"]


def test_tiles_of_our_own_keep_the_name_of_a_slide_that_is_a_number(tmp_path: Path) -> None:
    slides = write_pyramid(tmp_path / "slides" / "007.tif").parent
    project, _ = tile_project(tmp_path / "project", slides, TileConfig(size=256, mpps="0.5"))
    prepare(project)
    label(project, ["007/0.5um-256px/x128_y384.jpg"], "tumour")
    (one,) = written(project, tmp_path / "out", "007")
    assert one["geometry"]["coordinates"][0][2] == [256, 512]


def test_images_without_a_place_are_refused_in_words(project: Project, tmp_path: Path) -> None:
    label(project, [str(read_table(project).paths[0])], "tumour")
    with pytest.raises(ExportError, match="no column extent"):
        export(project, "geojson", tmp_path / "out")
    assert not (tmp_path / "out").exists()
