"""The overview counts what is there and suggests a training size from the images' own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.images.overview import overview
from engine.images.scan import scan
from engine.project import Project

Draw = Callable[..., Path]
MakeProject = Callable[..., Project]


def test_counts_are_those_of_the_folder(folder: Path, draw: Draw, make_project: MakeProject) -> None:
    shutil.copy(draw("p1_1.png", size=(10, 30)), folder / "p1_2.png")
    draw("p2_3.jpg", 1, size=(50, 20), mode="L")
    draw("p2_4.png", 2)
    (folder / "empty.png").touch()
    project = make_project()
    scan(project)
    (folder / "p2_4.png").unlink()
    scan(project)
    seen = overview(project)
    assert (seen.images, seen.duplicates, seen.missing) == (3, 1, 1)
    assert seen.formats == {".png": 2, ".jpg": 1}
    assert seen.modes == {"RGB": 2, "L": 1}
    assert seen.widths == (10, 10, 50)
    assert seen.heights == (20, 30, 30)
    assert list(seen.bad["path"]) == ["empty.png"]
    assert seen.bytes == sum(path.stat().st_size for path in folder.iterdir())


def test_a_column_is_summed_up(draw: Draw, make_project: MakeProject, tmp_path: Path) -> None:
    for number in range(4):
        draw(f"p{number // 3}_{number}.png", number)
    source = tmp_path / "columns.csv"
    source.write_text("path,stain\np0_0.png,PAS\np0_1.png,H&E\np0_2.png,PAS\n")
    project = make_project(csv=str(source))
    scan(project)
    patient, _, stain = overview(project).columns
    assert (patient.name, patient.kind, patient.distinct, patient.empty) == ("patient", "number", 2, 0)
    assert patient.top == [("0", 3), ("1", 1)]
    assert patient.range == (0.0, 1.0)
    assert (stain.kind, stain.distinct, stain.empty) == ("text", 2, 1)
    assert stain.range is None
    assert stain.top == [("PAS", 2), ("H&E", 1)]


@pytest.mark.parametrize("side, suggested", [(27, 32), (50, 64), (105, 96), (460, 128)])
def test_the_suggested_size_follows_the_middle_image(
    draw: Draw, make_project: MakeProject, side: int, suggested: int
) -> None:
    draw("1.png", size=(side + 9, side))
    project = make_project()
    scan(project)
    seen = overview(project)
    assert seen.suggested_size == suggested
    assert f"{side} px" in seen.reason
