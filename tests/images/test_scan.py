"""A scan lists every file, keeps ids through all that happens to files, and opens only what is new or touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import NoImages, PathNotAllowed
from engine.files import content_hash
from engine.images.inspect import Look
from engine.images.parallel import run_parallel
from engine.images.scan import scan
from engine.images.table import read_bad_files, read_rows, read_table
from engine.project import Project

Draw = Callable[..., Path]
MakeProject = Callable[..., Project]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths that scans have opened, in place of a count of seconds."""
    paths: list[str] = []

    def note(function: object, looks: list[Look], *rest: object) -> object:
        paths.extend(look.path for look in looks)
        return run_parallel(function, looks, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("engine.images.scan.run_parallel", note)
    return paths


def id_of(project: Project) -> dict[str, str]:
    table = read_table(project)
    return dict(zip(table.paths, table.ids, strict=True))


def test_a_row_says_what_the_file_is(draw: Draw, make_project: MakeProject) -> None:
    path = draw("deep/er/grau ß.png", size=(31, 17), mode="L")
    project = make_project()
    scan(project)
    row = read_table(project).frame.iloc[0]
    assert (row["path"], row["width"], row["height"], row["mode"]) == ("deep/er/grau ß.png", 31, 17, "L")
    assert row["content"] == content_hash(path)
    assert row["bytes"] == path.stat().st_size
    assert row["modified"] == path.stat().st_mtime_ns


def test_bad_files_are_listed_with_a_reason_and_the_rest_goes_on(
    folder: Path, draw: Draw, make_project: MakeProject
) -> None:
    draw("good.png")
    (folder / "empty.png").touch()
    (folder / "cut.png").write_bytes(draw("whole.png", seed=1).read_bytes()[:-20])
    (folder / "loop").symlink_to(folder)
    project = make_project()
    report = scan(project)
    assert list(read_table(project).paths) == ["good.png", "whole.png"]
    bad = read_bad_files(project)
    reasons = dict(zip(bad["path"], bad["reason"], strict=True))
    assert set(reasons) == {"empty.png", "cut.png", "loop"}
    assert all(reasons.values())
    assert (report.images, report.added) == (2, 2)
    assert sorted(report.bad) == sorted(reasons.items())


def test_a_second_scan_opens_nothing(draw: Draw, make_project: MakeProject, opened: list[str]) -> None:
    for seed in range(3):
        draw(f"{seed}.png", seed)
    project = make_project()
    scan(project)
    before = read_rows(project)
    opened.clear()
    report = scan(project)
    assert opened == []
    assert (report.unchanged, report.added, report.changed, report.moved, report.missing) == (3, 0, 0, 0, 0)
    assert read_rows(project).equals(before)


def test_only_new_files_are_opened(draw: Draw, make_project: MakeProject, opened: list[str]) -> None:
    draw("1.png", 1)
    project = make_project()
    scan(project)
    draw("0.png", 2)
    opened.clear()
    report = scan(project)
    assert opened == ["0.png"]
    assert report.added == 1
    assert list(read_table(project).paths) == ["1.png", "0.png"]  # in order of first sight


def test_a_damaged_file_is_tried_again(folder: Path, draw: Draw, make_project: MakeProject) -> None:
    whole = draw("1.png").read_bytes()
    (folder / "1.png").write_bytes(whole[:50])
    project = make_project()
    assert scan(project).images == 0
    (folder / "1.png").write_bytes(whole)
    report = scan(project)
    assert (report.images, report.added, report.bad) == (1, 1, [])


def test_a_moved_file_keeps_its_id_and_is_not_decoded_again(
    folder: Path, draw: Draw, make_project: MakeProject
) -> None:
    draw("a/1.png")
    project = make_project()
    scan(project)
    (old,) = id_of(project).values()
    thumbnail = project.thumbnail_path(read_table(project).contents[0])
    thumbnail.unlink()  # a decoding would write it again
    shutil.move(folder / "a", folder / "b")
    report = scan(project)
    assert report.moved == 1
    assert id_of(project) == {"b/1.png": old}
    assert not thumbnail.exists()


def test_an_edited_file_keeps_its_id_with_its_new_content(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png", 1)
    project = make_project()
    scan(project)
    before = id_of(project)
    edited = draw("1.png", 2, size=(40, 40))
    assert scan(project).changed == 1
    assert id_of(project) == before
    assert read_table(project).contents[0] == content_hash(edited)
    assert read_table(project).frame["width"][0] == 40


def test_a_touched_file_is_unchanged(draw: Draw, make_project: MakeProject) -> None:
    path = draw("1.png")
    project = make_project()
    scan(project)
    os.utime(path, ns=(1, 1))
    assert scan(project).unchanged == 1


def test_a_missing_file_leaves_the_table_and_comes_back_with_its_id(
    folder: Path, draw: Draw, make_project: MakeProject
) -> None:
    draw("1.png", 1)
    draw("2.png", 2)
    project = make_project()
    scan(project)
    before = id_of(project)
    (folder / "1.png").rename(folder.parent / "away.png")
    assert scan(project).missing == 1
    assert list(id_of(project)) == ["2.png"]
    (folder.parent / "away.png").rename(folder / "back.png")
    report = scan(project)
    assert report.missing == 0
    assert id_of(project) == {"back.png": before["1.png"], "2.png": before["2.png"]}


def test_a_good_file_that_is_damaged_and_mended_keeps_its_id(
    folder: Path, draw: Draw, make_project: MakeProject
) -> None:
    whole = draw("1.png", 1).read_bytes()
    draw("2.png", 2)
    project = make_project()
    scan(project)
    before = id_of(project)
    (folder / "1.png").write_bytes(whole[:40])
    assert [path for path, _ in scan(project).bad] == ["1.png"]
    (folder / "1.png").write_bytes(whole)
    scan(project)
    assert id_of(project) == before


def test_exact_copies_are_images_of_their_own(folder: Path, draw: Draw, make_project: MakeProject) -> None:
    shutil.copy(draw("1.png"), folder / "2.png")
    project = make_project()
    scan(project)
    table = read_table(project)
    assert len(set(table.ids)) == 2
    assert len(set(table.contents)) == 1


def test_a_scan_leaves_a_thumbnail_of_every_image(draw: Draw, make_project: MakeProject) -> None:
    draw("1.png")
    draw("2.jpg", 1, size=(400, 300))
    project = make_project()
    scan(project)
    assert all(project.thumbnail_path(content).exists() for content in read_table(project).contents)


def test_a_scan_never_writes_into_the_images_folder(folder: Path, draw: Draw, make_project: MakeProject) -> None:
    draw("a/1.png")
    before = sorted(folder.rglob("*"))
    scan(make_project())
    assert sorted(folder.rglob("*")) == before


def test_progress_ends_at_the_number_of_files_opened(draw: Draw, make_project: MakeProject) -> None:
    for seed in range(5):
        draw(f"{seed}.png", seed)
    told: list[tuple[int, int]] = []
    scan(make_project(), lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)


def test_metadata_columns_stand_behind_the_measured_ones(draw: Draw, make_project: MakeProject) -> None:
    draw("p02_7.png")
    draw("p11_8.png", 1)
    project = make_project()
    scan(project)
    table = read_table(project)
    assert table.metadata == ["patient", "number"]
    assert list(table.frame["patient"]) == [2, 11]


def test_columns_of_a_csv_and_its_lines_without_image_are_reported(
    draw: Draw, make_project: MakeProject, tmp_path: Path
) -> None:
    draw("1.png")
    source = tmp_path / "columns.csv"
    source.write_text("path,stain\n1.png,H&E\nother.png,PAS\n")
    project = make_project(csv=str(source))
    assert scan(project).unmatched == ["other.png"]
    assert list(read_table(project).frame["stain"]) == ["H&E"]


def test_a_folder_that_is_gone_marks_nothing_missing(folder: Path, draw: Draw, make_project: MakeProject) -> None:
    draw("1.png")
    project = make_project()
    scan(project)
    folder.rename(folder.parent / "unplugged")
    with pytest.raises(PathNotAllowed, match="Plug in"):
        scan(project)
    assert len(read_table(project)) == 1


def test_a_folder_without_images_scans_and_says_so_when_read(folder: Path, make_project: MakeProject) -> None:
    (folder / "slide.svs").write_bytes(b"x")
    project = make_project()
    report = scan(project)
    assert (report.images, report.ignored) == (0, {".svs": 1})
    with pytest.raises(NoImages, match="no usable image"):
        read_table(project)


def test_reading_before_the_first_scan_says_to_scan(make_project: MakeProject) -> None:
    with pytest.raises(NoImages, match="has not been scanned"):
        read_table(make_project())
