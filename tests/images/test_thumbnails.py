"""Thumbnails are small WebPs that come back when they are lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import UnreadableImage
from engine.images.prepare import prepare
from engine.images.scan import scan
from engine.images.table import read_table
from engine.images.thumbnails import build_thumbnails, read_thumbnail
from engine.project import Project

Draw = Callable[..., Path]
MakeProject = Callable[..., Project]


def opened(thumbnail: bytes) -> Image.Image:
    return Image.open(io.BytesIO(thumbnail))


@pytest.mark.parametrize(
    "size, expected", [((400, 300), (192, 144)), ((30, 20), (30, 20)), ((1000, 2), (192, 1)), ((150, 300), (96, 192))]
)
def test_the_longer_side_has_at_most_192_pixels(
    draw: Draw, make_project: MakeProject, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    draw("1.jpg", size=size)
    project = make_project()
    scan(project)
    thumbnail = opened(read_thumbnail(project, read_table(project).contents[0]))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", expected)


def test_a_small_image_is_kept_exactly(draw: Draw, make_project: MakeProject) -> None:
    image = draw("1.png", size=(27, 27))
    project = make_project()
    scan(project)
    thumbnail = opened(read_thumbnail(project, read_table(project).contents[0]))
    assert (np.asarray(thumbnail) == np.asarray(Image.open(image))).all()


@pytest.mark.parametrize("damage", [b"", b"RIFF", None])
def test_a_lost_or_torn_thumbnail_is_made_again_on_demand(
    draw: Draw, make_project: MakeProject, damage: bytes | None
) -> None:
    draw("1.png")
    project = make_project()
    scan(project)
    content = read_table(project).contents[0]
    whole = read_thumbnail(project, content)
    path = project.thumbnail_path(content)
    path.unlink() if damage is None else path.write_bytes(damage)
    assert read_thumbnail(project, content) == whole


def test_prepare_makes_the_missing_ones_only(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png", 1)
    draw("2.png", 2)
    project = make_project()
    assert prepare(project).images == 2
    table = read_table(project)
    assert build_thumbnails(project, table) == 0
    project.thumbnail_path(table.contents[1]).unlink()
    assert build_thumbnails(project, table) == 1


def test_an_unknown_content_has_no_thumbnail(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png")
    project = make_project()
    scan(project)
    with pytest.raises(UnreadableImage, match="No usable image"):
        read_thumbnail(project, "0" * 32)


def test_a_changed_file_does_not_give_its_picture_to_the_old_content(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png", 1)
    project = make_project()
    scan(project)
    content = read_table(project).contents[0]
    project.thumbnail_path(content).unlink()
    draw("1.png", 2)
    with pytest.raises(UnreadableImage, match="has changed"):
        read_thumbnail(project, content)
