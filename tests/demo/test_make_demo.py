"""The demo material: exact in count, repeatable, honest, and with something in it for every prior."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.demo import demo_project, make_demo
from engine.demo.plan import FIELD, TILE, plan_slides
from engine.demo.regions import TISSUES, draw_regions
from engine.errors import PathNotAllowed, ProjectExists, SettingInvalid
from engine.images.table import read_table
from engine.types import Array


@pytest.fixture(scope="module")
def columns(demo_material: Path) -> pd.DataFrame:
    return pd.read_csv(demo_material / "columns.csv", dtype={"patient": str})


@pytest.fixture(scope="module")
def truth(demo_material: Path) -> pd.DataFrame:
    return pd.read_csv(demo_material / "truth.csv")


def pixels(demo_material: Path, path: str) -> Array:
    return np.asarray(Image.open(demo_material / "images" / path), dtype=np.float64)


@pytest.mark.parametrize("count", [1, 4, 5, 6, 7, 39, 40, 41, 199, 600, 601, 5003])
def test_a_plan_holds_exactly_the_images_asked_for(count: int) -> None:
    assert sum(len(slide.tiles) for slide in plan_slides(count, seed=0)) == count


def test_no_two_images_share_a_path() -> None:
    paths = [tile.path for slide in plan_slides(2000, seed=0) for tile in slide.tiles]
    assert len(set(paths)) == 2000


def test_the_images_on_disk_are_those_in_columns_and_truth(
    demo_material: Path, columns: pd.DataFrame, truth: pd.DataFrame
) -> None:
    on_disk = {path.relative_to(demo_material / "images").as_posix() for path in demo_material.rglob("*.png")}
    assert on_disk == set(columns.path) == set(truth.path)
    assert len(on_disk) == len(columns) == len(truth) == 60


def test_every_image_is_a_square_rgb_tile(demo_material: Path, columns: pd.DataFrame) -> None:
    assert {pixels(demo_material, path).shape for path in columns.path} == {(TILE, TILE, 3)}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    first, second, other = (make_demo(tmp_path / name, 12, seed) for name, seed in (("a", 3), ("b", 3), ("c", 4)))

    def contents(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert contents(first) == contents(second)
    assert contents(first)["truth.csv"] != contents(other)["truth.csv"]


def test_neither_name_nor_folder_tells_the_class(truth: pd.DataFrame) -> None:
    for word in " ".join(TISSUES).split():
        assert not truth.path.str.contains(word, case=False).any()


def test_the_truth_lies_outside_the_images(demo_material: Path) -> None:
    assert not list((demo_material / "images").rglob("*.csv"))


def test_the_folder_says_that_all_is_synthetic(demo_material: Path) -> None:
    assert "SYNTHETIC" in (demo_material / "README.txt").read_text(encoding="utf-8")


def test_touching_tiles_continue_each_other(demo_material: Path, columns: pd.DataFrame) -> None:
    """The last column of a tile resembles the first of the next far more than that of a tile elsewhere."""
    tiles = columns[columns.magnification == 20]
    beside = tiles.assign(x=tiles.x - 1)
    both = tiles.merge(beside, on=["patient", "slide", "x", "y"], suffixes=("", "_right"))
    pairs = list(zip(both.path, both.path_right, strict=True))
    seam = [np.abs(pixels(demo_material, a)[:, -1] - pixels(demo_material, b)[:, 0]).mean() for a, b in pairs]
    apart = [np.abs(pixels(demo_material, a)[:, -1] - pixels(demo_material, b)[:, 64]).mean() for a, b in pairs]
    assert len(pairs) >= 10
    assert np.mean(seam) < 0.5 * np.mean(apart)


def test_a_field_at_10x_is_its_four_tiles_at_20x_made_smaller(demo_material: Path, columns: pd.DataFrame) -> None:
    one = columns[(columns.patient == "01") & (columns.slide == 1)]
    field = one[one.field == one.field.iloc[0]]
    wide = field[field.magnification == 10].iloc[0]
    near = field[field.magnification == 20].set_index(["x", "y"]).path
    rows = [
        np.concatenate([pixels(demo_material, near[wide.x + right, wide.y + down]) for right in (0, 1)], axis=1)
        for down in (0, 1)
    ]
    shrunk = np.concatenate(rows).reshape(TILE, 2, TILE, 2, 3).mean(axis=(1, 3))
    seen = pixels(demo_material, wide.path)
    assert np.corrcoef(shrunk.ravel(), seen.ravel())[0, 1] > 0.95  # the rest is the optics' blur and the sensor's noise


def test_every_field_but_the_last_has_four_tiles_and_one_overview(tmp_path: Path) -> None:
    tiles = [tile for slide in plan_slides(200, seed=0) for tile in slide.tiles]
    counts = pd.DataFrame([(tile.slide, tile.field, tile.magnification) for tile in tiles]).value_counts()
    assert set(counts[:, :, 20]) == {4}
    assert set(counts[:, :, 10]) == {1}


def test_consecutive_serial_numbers_are_touching_tiles() -> None:
    for slide in plan_slides(600, seed=0):
        path = sorted((tile for tile in slide.tiles if tile.magnification == 20), key=lambda tile: tile.serial)
        assert [tile.serial for tile in path] == list(range(1, len(path) + 1))
        for before, after in pairwise(path):
            assert abs(before.x - after.x) + abs(before.y - after.y) == 1


def test_all_six_tissues_occur_and_none_takes_over() -> None:
    areas = np.zeros(len(TISSUES))
    for slide in plan_slides(600, seed=0):
        regions = draw_regions((slide.rows * FIELD, slide.columns * FIELD), slide.patient, 0, np.random.default_rng(0))
        areas += np.bincount(regions.ravel(), minlength=len(TISSUES))
    shares = areas / areas.sum()
    assert shares.max() < 0.35
    assert shares.min() > 0.05


def test_patients_differ_in_stain_more_than_slides_of_a_patient(demo_material: Path, columns: pd.DataFrame) -> None:
    """The hue of the darkest tenth of pixels (nuclei) is the patient's."""
    hues = []
    for (patient, slide), tiles in columns.groupby(["patient", "slide"]):
        values = np.concatenate([pixels(demo_material, path).reshape(-1, 3) for path in tiles.path])
        density = -np.log10(np.clip(values, 1, 255) / 255)
        dark = density[density.sum(axis=1) > np.quantile(density.sum(axis=1), 0.9)]
        hues.append((patient, slide, *(dark / dark.sum(axis=1, keepdims=True)).mean(axis=0)))
    frame = pd.DataFrame(hues, columns=["patient", "slide", "red", "green", "blue"])
    within = frame.groupby("patient")[["red", "green", "blue"]].std().mean().mean()
    between = frame.groupby("patient")[["red", "green", "blue"]].mean().std().mean()
    assert between > within


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    make_demo(tmp_path / "demo", 11, 0, lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 11)
    assert seen[-1] == (11, 11)
    assert seen == sorted(seen)


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (-3, 0), (5, -1)])
def test_a_count_or_seed_that_makes_no_sense_is_refused(tmp_path: Path, count: int, seed: int) -> None:
    with pytest.raises(SettingInvalid):
        make_demo(tmp_path / "demo", count, seed)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(PathNotAllowed):
        make_demo(tmp_path, 5)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_demo_project_is_ready_and_its_names_become_columns(tmp_path: Path) -> None:
    project = demo_project(tmp_path / "demo", 10)
    table = read_table(project)
    assert len(table) == 10
    assert {"patient", "slide", "field", "x", "y", "magnification", "serial"} <= set(table.metadata)
    assert set(table.column("magnification")) == {10, 20}


def test_a_demo_goes_on_from_images_that_were_drawn_before_an_interruption(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo" / "material", 5)
    assert len(read_table(demo_project(tmp_path / "demo", 5))) == 5
    with pytest.raises(ProjectExists):
        demo_project(tmp_path / "demo", 5)
