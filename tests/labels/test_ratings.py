"""Who said what of an image, and what is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.labels.store import LabelStore
from engine.project import create_project


@pytest.fixture
def store(tmp_path: Path) -> LabelStore:
    (tmp_path / "images").mkdir()
    store = LabelStore(create_project(tmp_path / "project", tmp_path / "images"))
    for name in ("tumour", "stroma"):
        store.add_class(name, "ana")
    return store


def said(store: LabelStore) -> set[tuple[str, str, str]]:
    return set(store.ratings()[["image", "who", "class"]].itertuples(index=False, name=None))


def test_each_person_keeps_the_last_word(store: LabelStore) -> None:
    tumour, stroma = (one.id for one in store.classes())
    store.label(["x"], tumour, "ana", "key")
    store.label(["x"], stroma, "ben", "key")
    store.label(["x"], stroma, "ana", "key")
    store.label(["x"], tumour, "ben", "key")
    assert said(store) == {("x", "ana", "stroma"), ("x", "ben", "tumour")}


def test_undone_cleared_and_deleted_labels_are_nobodys_word(store: LabelStore) -> None:
    tumour, stroma = (one.id for one in store.classes())
    store.label(["x", "y", "z"], tumour, "ana", "key")
    store.label(["x"], stroma, "ben", "key")
    store.clear(["y"], "ana")
    store.label(["z"], stroma, "ana", "key")
    store.undo("ana")
    assert said(store) == {("x", "ana", "tumour"), ("x", "ben", "stroma"), ("z", "ana", "tumour")}
    store.delete_class(tumour, "ana")
    assert said(store) == {("x", "ben", "stroma")}


def test_clearing_takes_back_ones_own_word_only(store: LabelStore) -> None:
    tumour, stroma = (one.id for one in store.classes())
    store.label(["x"], tumour, "ana", "key")
    store.label(["x"], stroma, "ben", "key")
    store.clear(["x"], "ben")
    assert said(store) == {("x", "ana", "tumour")}


def test_a_confirmation_settles_the_label_and_is_no_rating(store: LabelStore) -> None:
    tumour, stroma = (one.id for one in store.classes())
    store.label(["x", "y"], tumour, "ana", "key")
    store.confirm(["x", "y"], [tumour, stroma], "ben")
    assert store.confirmed() == ["x", "y"]
    assert dict(zip(store.current()["image"], store.current()["class"], strict=True)) == {"x": "tumour", "y": "stroma"}
    assert said(store) == {("x", "ana", "tumour"), ("y", "ana", "tumour")}


def test_a_later_label_opens_the_question_again_and_so_does_undo(store: LabelStore) -> None:
    tumour, stroma = (one.id for one in store.classes())
    store.label(["x", "y"], tumour, "ana", "key")
    store.confirm(["x"], [tumour], "ana")
    store.confirm(["y"], [tumour], "ana")
    store.label(["x"], stroma, "ben", "key")
    store.undo("ana")
    assert store.confirmed() == []
