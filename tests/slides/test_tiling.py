"""Tiling: synthetic pyramids with known content, and the real slides where they are."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile
from PIL import Image

from engine.errors import ExtraMissing, NoImages, PathNotAllowed, SettingInvalid, SlideScaleUnknown
from engine.images.prepare import prepare
from engine.images.scan import scan
from engine.images.table import read_table
from engine.priors import parse_prior
from engine.priors.build import build_priors
from engine.project import ColumnSettings, create_project, open_project
from engine.slides import read
from engine.slides.look import SlideLook, look, tissue_picture
from engine.slides.plan import TileConfig, plan_tiles, scales_of
from engine.slides.read import SlideInfo
from engine.slides.survey import expected, slide_names, survey, without_parts
from engine.slides.tile import TilingReport, read_slides, tile_project
from tests.slides.pyramid import COLOURS, write_pyramid

INFO = SlideInfo(width=1024, height=512, levels=2, mpp=0.5, objective=20.0, vendor="test")


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    return write_pyramid(tmp_path / "slides" / "one.tif").parent


def tile_slides(slides: Path, out: Path, config: TileConfig) -> TilingReport:
    return tile_project(out, slides, config)[1]


def tiles_of(target: Path) -> pd.DataFrame:
    return pd.read_csv(target / "tiles.csv")


def test_tiles_hold_what_is_at_their_place(slides: Path, tmp_path: Path) -> None:
    tile_slides(slides, tmp_path / "out", TileConfig(size=128, mpps="0.5"))
    table = tiles_of(tmp_path / "out")
    assert len(table) == 16  # four squares of 2 x 2 tiles; glass gives none
    for row in table.itertuples():
        with Image.open(tmp_path / "out" / "tiles" / str(row.path)) as tile:
            assert tile.size == (128, 128)
            colour = COLOURS[2 * (row.y // 256) + row.x // 256]
            assert np.abs(np.asarray(tile, int) - colour).max() <= 3  # JPEG


def test_all_scales_of_a_field_share_its_centre(slides: Path, tmp_path: Path) -> None:
    tile_slides(slides, tmp_path / "out", TileConfig(size=64, mpps="0.5,1,2"))
    table = tiles_of(tmp_path / "out")
    assert (table.groupby("field")["mpp"].apply(sorted).map(tuple) == (0.5, 1.0, 2.0)).all()
    assert (table.groupby("field")[["x", "y"]].nunique() == 1).all(axis=None)
    assert set(zip(table["mpp"], table["extent"], strict=True)) == {(0.5, 64), (1.0, 128), (2.0, 256)}


def test_a_coarser_tile_shows_more_around_the_centre(slides: Path, tmp_path: Path) -> None:
    tile_slides(slides, tmp_path / "out", TileConfig(size=64, mpps="0.5,4"))
    table = tiles_of(tmp_path / "out").set_index(["x", "y", "mpp"])
    with Image.open(tmp_path / "out" / "tiles" / table.loc[(224, 224, 4.0), "path"]) as tile:
        pixels = np.asarray(tile, int)  # 512 pixels of the slide around (224, 224), 8 for each of these
    for x, y, colour in [
        (100, 100, COLOURS[0]),
        (400, 100, COLOURS[1]),
        (100, 400, COLOURS[2]),
        (400, 400, COLOURS[3]),
    ]:
        assert np.abs(pixels[(y + 32) // 8, (x + 32) // 8] - colour).max() <= 12
    assert np.abs(pixels[1, 1] - 255).max() <= 12  # outside the slide


def test_cut_tiles_are_not_cut_again_and_other_settings_add_to_them(slides: Path, tmp_path: Path) -> None:
    config, out = TileConfig(size=128, mpps="0.5"), tmp_path / "out"
    tile_slides(slides, out, config)
    first = out / "tiles" / tiles_of(out)["path"][0]
    before = first.stat().st_mtime_ns
    (out / "tiles" / tiles_of(out)["path"][1]).unlink()  # as after a kill
    report = tile_slides(slides, out, config)
    assert report.tiles == 16 and first.stat().st_mtime_ns == before
    assert len(list((out / "tiles").rglob("*.jpg"))) == 16
    tile_slides(slides, out, TileConfig(size=64, mpps="0.5"))
    assert len(tiles_of(out)) == 16 + 64


def test_a_project_over_tiles_has_the_columns_that_priors_need(slides: Path, tmp_path: Path) -> None:
    project, _ = tile_project(tmp_path / "project", slides, TileConfig(size=64, mpps="0.5,1"))
    prepare(project)
    table = read_table(project)
    assert {"slide", "field", "magnification", "mpp", "x", "y", "extent"} <= set(table.metadata)
    for line in ("magnification", "spatial_neighbour", "same_slide"):
        (prior,) = build_priors([parse_prior(line)])
        assert prior.check(table).fraction == 1


def test_files_that_are_no_slides_are_listed_with_their_reason(slides: Path, tmp_path: Path) -> None:
    (slides / "broken.svs").write_bytes(b"II*\0nothing")
    report = tile_slides(slides, tmp_path / "out", TileConfig(size=128, mpps="0.5"))
    assert report.slides == 1
    assert report.left_out[0][0] == "broken.svs"
    assert "reason" in json.loads((tmp_path / "out" / "slides.json").read_text("utf-8"))["broken"]


def test_a_slide_without_a_scale_is_asked_for_it(tmp_path: Path) -> None:
    folder = write_pyramid(tmp_path / "slides" / "one.tif", mpp=0).parent
    with pytest.raises(NoImages, match="does not say its scale"):
        tile_project(tmp_path / "project", folder, TileConfig(size=128))
    _, report = tile_project(tmp_path / "project", folder, TileConfig(size=128, mpps="0.5", slide_mpp=0.5))
    assert report.tiles == 16


def test_scales_follow_objective_power_or_micrometres() -> None:
    assert [(one.name, one.downsample, one.mpp) for one in scales_of(INFO, TileConfig(magnifications="5,20"))] == [
        ("20x", 1, 0.5),
        ("5x", 4, 2.0),
    ]
    no_power = SlideInfo(1024, 512, 1, mpp=0.25, objective=None, vendor="")
    assert scales_of(no_power, TileConfig(magnifications="20"))[0].downsample == 2  # 10 / 20 µm per pixel
    assert scales_of(INFO, TileConfig(mpps="1"))[0].downsample == 2


def test_scales_that_the_slide_does_not_hold_are_refused() -> None:
    with pytest.raises(SlideScaleUnknown, match=r"20x and 0\.5 µm"):
        scales_of(INFO, TileConfig(magnifications="40"))
    assert len(scales_of(INFO, TileConfig(magnifications="40,10"))) == 1
    with pytest.raises(SettingInvalid, match="20,10,5"):
        scales_of(INFO, TileConfig(magnifications="fine"))


def test_the_grid_covers_the_slide_and_overlaps_as_asked() -> None:
    mask = np.ones((8, 16), bool)
    assert len(plan_tiles(INFO, mask, TileConfig(size=256))) == 4 * 2
    assert len(plan_tiles(INFO, mask, TileConfig(size=256, stride=0.5))) == 7 * 3
    assert len(plan_tiles(INFO, mask, TileConfig(size=1000))) == 0


def test_slides_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "s.svs").touch()
    assert sorted(slide_names(tmp_path)) == ["a-s-svs", "b-s-svs"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(PathNotAllowed, match="no slide"):
        slide_names(tmp_path / "empty")


def test_without_openslide_the_line_to_type_is_named(
    slides: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openslide", None)
    read._open.cache_clear()
    with pytest.raises(ExtraMissing, match="pip install openslide-python openslide"):
        tile_slides(slides, tmp_path / "out", TileConfig())


def test_a_project_over_tiles_works_on_when_its_folder_is_copied(slides: Path, tmp_path: Path) -> None:
    project, _ = tile_project(tmp_path / "project", slides, TileConfig(size=128, mpps="0.5"))
    prepare(project)
    copy = open_project(shutil.copytree(project.root, tmp_path / "elsewhere" / "copy"))
    shutil.rmtree(project.root)
    shutil.rmtree(slides)
    prepare(copy)
    assert read_table(copy).column("slide").tolist() == ["one"] * 16
    assert (copy.over_tiles, copy.overview_path("one").exists()) == (True, True)


def test_a_table_of_somebody_elses_stays_where_it_is(images_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("path\n")
    settings = ColumnSettings(csv=str(tmp_path / "table.csv"))
    project = create_project(tmp_path / "project", images_folder, columns=settings)
    assert open_project(project.root).columns == settings


def test_what_is_said_beforehand_is_what_is_cut(slides: Path, tmp_path: Path) -> None:
    write_pyramid(slides / "unscaled.tif", mpp=0)
    (slides / "broken.svs").write_bytes(b"II*\0nothing")
    config = TileConfig(size=64, mpps="0.5,1", stride=0.5)
    said = {name: expected(seen, config) for name, seen in survey(slide_names(slides)).items()}
    report = tile_slides(slides, tmp_path / "out", config)
    assert (said["one"].tiles, said["one"].fields) == (report.tiles, report.fields)
    assert {name for name, one in said.items() if one.reason} == {"broken", "unscaled"}


def test_tissue_is_washed_with_violet_and_glass_is_not(slides: Path) -> None:
    seen = survey(slide_names(slides))["one"]
    pixels = np.asarray(Image.open(io.BytesIO(tissue_picture(seen, 512))).convert("RGB"), int)
    assert pixels.shape == (384, 512, 3)
    assert np.abs(pixels[300, 400] - 245).max() <= 4
    assert pixels[40, 40, 1] > COLOURS[0][1] and pixels[40, 40, 0] < COLOURS[0][0]


def test_another_slide_of_the_same_name_is_left_out_and_the_first_stays_known(slides: Path, tmp_path: Path) -> None:
    config = TileConfig(size=128, mpps="0.5")
    project, _ = tile_project(tmp_path / "project", slides, config)
    other = tmp_path / "other" / "one.tif"
    other.parent.mkdir()
    tifffile.imwrite(other, np.full((512, 512, 3), 120, np.uint8), tile=(128, 128), photometric="rgb")
    with pytest.raises(NoImages, match="Another slide called one"):
        tile_project(project.root, other.parent, TileConfig(size=128, mpps="0.5", slide_mpp=0.5))
    assert "reason" not in read_slides(project)["one"]
    write_pyramid(tmp_path / "third" / "two.tif")
    tile_project(project.root, tmp_path / "third", config)
    assert sorted(read_slides(project)) == ["one", "two"]
    assert len(tiles_of(project.root)) == 32


def test_a_tiling_that_is_stopped_leaves_a_project_that_can_be_scanned(slides: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if total > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tile_project(tmp_path / "project", slides, TileConfig(size=64, mpps="0.5"), stop)
    project = open_project(tmp_path / "project")
    scan(project)
    assert len(tiles_of(project.root)) == 64


def test_a_scale_must_be_asked_for(slides: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="No scale is asked for"):
        tile_project(tmp_path / "project", slides, TileConfig(magnifications=" , "))
    assert not (tmp_path / "project").exists()


def test_the_files_of_a_dicom_series_are_one_slide() -> None:
    def seen(path: str, series: str) -> SlideLook:
        return SlideLook(Path(path), replace(INFO, identity=series))

    looks = {"a": seen("x/a.dcm", "1"), "b": seen("x/b.dcm", "1"), "c": seen("x/c.dcm", "2"), "d": seen("y/d.dcm", "1")}
    told = without_parts({**looks, "e": seen("x/e.svs", "1")})
    assert {name: one.reason for name, one in told.items() if one.reason} == {"b": "It is a part of the slide a."}


def test_a_slide_that_could_only_be_read_whole_is_left_out(slides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST", 100_000)
    assert "Save it as a pyramid" in look(slides / "one.tif").reason


def test_real_slides(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    report = tile_slides(shared_data("wsi"), tmp_path, TileConfig(size=256, magnifications="20,5", tissue=0.3))
    assert report.slides == 1 and report.tiles == 2 * report.fields > 50
    assert {name for name, _ in report.left_out} == {"kidney-48-5.tif", "tcga-cr-7395-01a-01-ts1.svs"}
