"""What the view of a slide is told: its tiles by scale, its picture."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import UnknownImage, UnreadableSlide
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.project import Project
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project
from engine.slides.view import Layer, slide_about, slide_picture, slide_tiles, tiled_slides
from tests.slides.pyramid import COLOURS, write_pyramid


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two slides, the name of one a number; the first at two scales and two sides."""
    root = tmp_path_factory.mktemp("view")
    write_pyramid(root / "a" / "007.tif")
    write_pyramid(root / "b" / "two.tif")
    tile_project(root / "project", root / "a", TileConfig(size=128, mpps="0.5,1"))
    tile_project(root / "project", root / "a", TileConfig(size=64, mpps="0.5"))
    project, _ = tile_project(root / "project", root / "b", TileConfig(size=128, mpps="0.5"))
    prepare(project)
    return project


def test_slides_keep_their_names_also_where_these_are_numbers(tiled: Project) -> None:
    assert tiled_slides(read_table(tiled)) == {"007": 96, "two": 16}


def test_tiles_of_one_scale_and_side_are_a_layer_the_finest_first(tiled: Project) -> None:
    placed = slide_tiles(read_table(tiled), "007")
    assert placed.layers == (
        Layer("20x, 64 px", 64, 64),
        Layer("20x, 128 px", 128, 16),
        Layer("10x", 256, 16),
    )
    assert np.bincount(placed.layer).tolist() == [64, 16, 16]


def test_scales_of_one_field_share_its_number(tiled: Project) -> None:
    table = read_table(tiled)
    placed = slide_tiles(table, "007")
    names = table.column("field").to_numpy()[placed.rows]
    assert len(set(zip(placed.fields, names, strict=True))) == len(set(names)) == len(set(placed.fields))


def test_a_slide_without_tiles_is_told_of(tiled: Project) -> None:
    with pytest.raises(UnknownImage, match="three"):
        slide_tiles(read_table(tiled), "three")
    with pytest.raises(UnreadableSlide, match="three"):
        slide_about(tiled, "three")


def test_a_lost_picture_is_made_again_from_the_slide(tiled: Project) -> None:
    tiled.overview_path("two").unlink()
    picture = np.asarray(Image.open(io.BytesIO(slide_picture(tiled, "two"))).convert("RGB"), int)
    assert picture.shape == (768, 1024, 3)
    assert np.abs(picture[100, 100] - COLOURS[0]).max() < 12
    assert tiled.overview_path("two").exists()
    Path(slide_about(tiled, "two")["path"]).unlink()
    tiled.overview_path("two").unlink()
    with pytest.raises(UnreadableSlide):
        slide_picture(tiled, "two")
