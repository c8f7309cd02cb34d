"""A project at a glance: what a card shows, also of projects that cannot be opened."""

from __future__ import annotations

from pathlib import Path

from engine.glance import glance, sample_rows, seen_in
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project


def test_a_glance_counts_images_and_shows_some_of_them(project: Project) -> None:
    seen = glance(project.root, pictures=5)
    assert (seen.images, seen.labelled, seen.trouble) == (60, 0, "")
    assert len(set(seen.contents)) == 5


def test_a_project_that_was_never_scanned_is_shown_without_images(images_folder: Path, tmp_path: Path) -> None:
    made = create_project(tmp_path / "new", images_folder)
    assert glance(made.root).images == 0


def test_what_is_wrong_with_a_project_is_said_not_raised(tmp_path: Path) -> None:
    seen = glance(tmp_path / "gone")
    assert seen.project is None
    assert "no project" in seen.trouble


def test_sampled_rows_reach_from_the_first_to_the_last(project: Project) -> None:
    assert list(sample_rows(read_table(project), 3)) == [0, 29, 59]


def test_stamps_change_with_a_label_and_not_with_a_glance(project: Project) -> None:
    store = LabelStore(project)
    store.add_class("one", "ada")
    before = seen_in(project.root)
    assert glance(project.root).labelled == 0
    assert seen_in(project.root) == before
    store.label([read_table(project).ids[0]], store.classes()[0].id, "ada", "key")
    assert seen_in(project.root) != before
    assert glance(project.root).labelled == 1
