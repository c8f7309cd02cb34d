"""The cache holds each image once, as its middle square, and survives a kill at any moment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import EmbeddingStale, UnreadableImage
from engine.images.cache import build_cache, open_cache
from engine.images.parallel import run_parallel
from engine.images.pixels import Slot
from engine.images.scan import scan
from engine.images.table import read_table
from engine.project import Project

Draw = Callable[..., Path]
MakeProject = Callable[..., Project]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """File names that building a cache has decoded."""
    names: list[str] = []

    def note(function: object, slots: list[Slot], *rest: object) -> object:
        names.extend(slot.image.name for slot in slots)
        return run_parallel(function, slots, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("engine.images.cache.run_parallel", note)
    return names


def test_an_image_of_the_caches_size_is_kept_exactly(folder: Path, make_project: MakeProject) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "1.png")
    project = make_project()
    scan(project)
    cache = build_cache(project, read_table(project), 16)
    assert (cache.take(np.array([0]))[0] == pixels).all()
    assert (len(cache), cache.size) == (1, 16)


def test_the_longer_sides_ends_are_cut_off(folder: Path, make_project: MakeProject) -> None:
    image = Image.new("RGB", (90, 30), "red")
    image.paste((0, 0, 255), (30, 0, 60, 30))
    image.save(folder / "1.png")
    project = make_project()
    scan(project)
    square = build_cache(project, read_table(project), 10).take(np.array([0]))[0]
    assert (square[:, 3:-3] == (0, 0, 255)).all()  # three pixels are softened by what is beside them


def test_small_images_are_enlarged(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png", size=(5, 3))
    project = make_project()
    scan(project)
    assert build_cache(project, read_table(project), 32).pixels.shape == (1, 32, 32, 3)


def test_take_follows_the_order_asked_for(folder: Path, make_project: MakeProject) -> None:
    for level in (10, 20, 30):
        Image.new("RGB", (8, 8), (level,) * 3).save(folder / f"{level}.png")
    project = make_project()
    scan(project)
    cache = build_cache(project, read_table(project), 8)
    assert cache.take(np.array([2, 0, 2]))[:, 0, 0, 0].tolist() == [30, 10, 30]


def test_a_second_build_decodes_nothing(draw: Draw, make_project: MakeProject, decoded: list[str]) -> None:
    draw("1.png")
    project = make_project()
    scan(project)
    build_cache(project, read_table(project), 16)
    decoded.clear()
    build_cache(project, read_table(project), 16)
    assert decoded == []


def test_only_new_contents_are_decoded_and_copies_share_their_pixels(
    folder: Path, draw: Draw, make_project: MakeProject, decoded: list[str]
) -> None:
    draw("old.png", 1)
    project = make_project()
    scan(project)
    first = build_cache(project, read_table(project), 16).take(np.array([0]))
    decoded.clear()
    draw("new.png", 2)
    shutil.copy(folder / "old.png", folder / "copy.png")
    (folder / "old.png").rename(folder / "moved.png")
    scan(project)
    table = read_table(project)
    cache = build_cache(project, table, 16)
    assert decoded == ["new.png"]
    assert len(cache.pixels) == 2
    rows = {path: row for row, path in enumerate(table.paths)}
    for name in ("moved.png", "copy.png"):
        assert (cache.take(np.array([rows[name]])) == first).all()


def test_a_build_that_was_killed_is_taken_up_again(
    draw: Draw, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, decoded: list[str]
) -> None:
    for seed in range(6):
        draw(f"{seed}.png", seed, size=(16, 16))
    project = make_project()
    scan(project)
    table = read_table(project)
    monkeypatch.setattr("engine.images.cache.IMAGES_AT_ONCE", 2)

    def kill(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_cache(project, table, 16, kill)
    with pytest.raises(EmbeddingStale):
        open_cache(project, table, 16)
    decoded.clear()
    cache = build_cache(project, table, 16)
    assert decoded == ["2.png", "3.png", "4.png", "5.png"]  # the first two were on the disk for good
    for row, path in enumerate(table.paths):
        assert (cache.take(np.array([row]))[0] == np.asarray(Image.open(project.image_path(path)))).all()


def test_a_cache_that_was_not_built_says_so(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png")
    project = make_project()
    scan(project)
    with pytest.raises(EmbeddingStale, match="1 of 1 images"):
        open_cache(project, read_table(project), 64)


def test_a_file_changed_since_the_scan_stops_the_build(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png", 1)
    project = make_project()
    scan(project)
    draw("1.png", 2)
    with pytest.raises(UnreadableImage, match=r"1\.png .* has changed since the last scan"):
        build_cache(project, read_table(project), 16)


def test_the_mapped_pixels_cannot_be_written(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png")
    project = make_project()
    scan(project)
    assert not build_cache(project, read_table(project), 16).pixels.flags.writeable


def test_progress_counts_to_the_number_of_different_images(draw: Draw, make_project: MakeProject) -> None:
    for seed in range(3):
        draw(f"{seed}.png", seed)
    project = make_project()
    scan(project)
    told: list[tuple[int, int]] = []
    build_cache(project, read_table(project), 16, lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert told == sorted(told)
