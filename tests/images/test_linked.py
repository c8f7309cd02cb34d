"""Selections in addresses: short whatever their size, the same for the same images, and never a path."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.errors import UnknownImage
from engine.images import linked
from engine.images.linked import link_selection, linked_selection
from engine.project import Project, create_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "images").mkdir()
    return create_project(tmp_path / "project", tmp_path / "images")


def ids(count: int) -> list[str]:
    return [hashlib.md5(str(number).encode()).hexdigest()[:12] for number in range(count)]


@pytest.mark.parametrize("count", [1, linked.FEW, linked.FEW + 1, 100_000])
def test_a_selection_of_any_size_fits_an_address_and_comes_back_whole(project: Project, count: int) -> None:
    text = link_selection(project, ids(count))
    assert len(text) < 250
    assert sorted(linked_selection(project, text)) == sorted(ids(count))


def test_few_images_need_no_file_and_none_need_no_text(project: Project) -> None:
    assert link_selection(project, []) == ""
    link_selection(project, ids(linked.FEW))
    assert not project.linked_folder.exists()


def test_the_order_of_images_makes_no_other_address_and_no_second_file(project: Project) -> None:
    assert link_selection(project, ids(50)) == link_selection(project, ids(50)[::-1])
    assert len(list(project.linked_folder.iterdir())) == 1


@pytest.mark.parametrize("text", ["", "k0123456789abcdef", "../labels.sqlite", "k../../project.json", "0123456789ab."])
def test_what_is_no_selection_of_this_project_is_refused(project: Project, text: str) -> None:
    with pytest.raises(UnknownImage, match="not kept in this project"):
        linked_selection(project, text)


def test_only_the_last_used_files_are_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked, "KEPT", 2)
    first, second = link_selection(project, ids(20)), link_selection(project, ids(21))
    linked_selection(project, first)  # is used again
    third = link_selection(project, ids(22))
    assert {path.name for path in project.linked_folder.iterdir()} == {first, third}
    with pytest.raises(UnknownImage):
        linked_selection(project, second)
