"""Named selections: kept by image, seen by everybody, and never lost by saving another."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import SelectionMissing, SettingInvalid
from engine.images.table import ImageTable, read_table
from engine.labels.selections import delete_selection, save_selection, selections
from engine.project import Project, open_project


def test_a_selection_is_read_back_by_whoever_opens_the_project(project: Project) -> None:
    table = read_table(project)
    save_selection(project, "  odd   nuclei ", table.ids[[7, 3]], "ann")
    (found,) = selections(open_project(project.root))
    assert (found.name, found.who) == ("odd nuclei", "ann")
    assert found.rows(table).tolist() == [3, 7]


def test_it_keeps_its_images_when_rows_move_and_leaves_out_those_that_have_gone(project: Project) -> None:
    table = read_table(project)
    kept = save_selection(project, "some", table.ids[[2, 5, 9]], "ann")
    turned = ImageTable(table.frame.iloc[::-1].iloc[:-6].reset_index(drop=True))
    assert set(turned.ids[kept.rows(turned)]) == {table.ids[9]}


def test_the_same_name_replaces_and_another_one_stands_beside_it(project: Project) -> None:
    table = read_table(project)
    for name, row in (("b/c", 1), ("A", 2), ("b/c", 3)):
        save_selection(project, name, table.ids[[row]], "ann")
    assert [(one.name, one.rows(table).tolist()) for one in selections(project)] == [("A", [2]), ("b/c", [3])]


def test_a_deleted_selection_is_gone_and_says_so_the_second_time(project: Project) -> None:
    save_selection(project, "some", ["i"], "ann")
    delete_selection(project, "some")
    assert selections(project) == []
    with pytest.raises(SelectionMissing, match="“some”"):
        delete_selection(project, "some")


def test_a_damaged_file_hides_no_other_selection(project: Project) -> None:
    save_selection(project, "whole", ["i"], "ann")
    save_selection(project, "half", ["i"], "ann")
    project.selection_path("half").write_text('{"name": "ha')
    assert [one.name for one in selections(project)] == ["whole"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_selection_needs_a_name(project: Project, name: str) -> None:
    with pytest.raises(SettingInvalid, match="name"):
        save_selection(project, name, ["i"], "ann")


def test_nothing_selected_is_not_saved(project: Project) -> None:
    with pytest.raises(SettingInvalid, match="Nothing is selected"):
        save_selection(project, "some", np.empty(0, object), "ann")
