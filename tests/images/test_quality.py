"""Blank, blurred and repeated images are found, ordinary ones are not, and the hashing misses no near pair."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scipy.ndimage import laplace

from engine.images.prepare import prepare
from engine.images.quality import difference_hash, far_below, groups_alike, look_at_quality, sharpness
from engine.images.table import read_table
from engine.project import create_project


def picture(seed: int) -> Image.Image:
    """Smooth blotches with grain, another for each seed."""
    rng = np.random.default_rng(seed)
    blotches = Image.fromarray(rng.integers(0, 255, (8, 8), np.uint8)).resize((96, 96), Image.Resampling.BICUBIC)
    grain = rng.normal(0, 12, (96, 96))
    return Image.fromarray(np.clip(np.asarray(blotches) + grain, 0, 255).astype(np.uint8)).convert("RGB")


def test_blank_blurred_and_repeated_images_are_found_among_ordinary_ones(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for seed in range(30):
        picture(seed).save(folder / f"{seed:02}.png")
    Image.new("RGB", (96, 96), (240, 238, 241)).save(folder / "blank.png")
    picture(40).filter(ImageFilter.GaussianBlur(4)).save(folder / "blurred.png")
    picture(3).save(folder / "03-again.jpg", quality=88)
    project = create_project(tmp_path / "project", folder)
    prepare(project)
    table = read_table(project)
    found = look_at_quality(project, table)
    assert table.paths[found.blank].tolist() == ["blank.png"]
    assert table.paths[found.blurred].tolist() == ["blurred.png"]
    assert [sorted(table.paths[group]) for group in found.alike] == [["03-again.jpg", "03.png"]]
    assert found.repeats == 1


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    grey = np.random.default_rng(0).uniform(0, 255, (20, 30))
    assert sharpness(grey) == pytest.approx(laplace(grey)[1:-1, 1:-1].var())


def test_the_hash_of_a_ramp_has_no_brighter_left_and_of_its_mirror_image_only_those() -> None:
    ramp = np.tile(np.linspace(0, 255, 90), (80, 1))
    assert int(difference_hash(ramp)) == 0
    assert int(difference_hash(ramp[:, ::-1])) == 2**64 - 1


def test_every_pair_within_three_bits_is_found_and_no_other_where_groups_are_apart() -> None:
    rng = np.random.default_rng(1)
    originals = rng.integers(0, 2**64, 60, np.uint64)
    flipped = [
        one ^ sum(np.uint64(1) << np.uint64(bit) for bit in rng.choice(64, 3, replace=False)) for one in originals
    ]
    hashes = np.array([*originals, *flipped], np.uint64)
    groups = {tuple(sorted(group)) for group in groups_alike(hashes, np.arange(120))}
    near = {
        (one, other)
        for one, other in itertools.combinations(range(120), 2)
        if bin(int(hashes[one]) ^ int(hashes[other])).count("1") <= 3
    }
    assert groups == near == {(row, row + 60) for row in range(60)}


def test_of_equal_values_none_is_far_below() -> None:
    assert not far_below(np.ones(10)).any()
    assert far_below(np.array([*np.linspace(4, 6, 20), -9])).tolist() == [False] * 20 + [True]
    assert far_below(np.empty(0)).shape == (0,)
