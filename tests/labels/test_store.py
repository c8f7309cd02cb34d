"""The label log: what it says after every kind of act, and what may be taken back."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ClassExists, NothingToUndo, SettingInvalid, UnknownClass
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import UNKNOWN


def named(store: LabelStore) -> dict[str, str]:
    """Image → class, as it stands."""
    frame = store.current()
    return dict(zip(frame["image"], frame["class"], strict=True))


def test_a_label_says_who_how_when_and_what(store: LabelStore) -> None:
    tumour = store.add_class("tumour", "ada")
    store.label(["x"], tumour.id, "ada", "lasso", {"polygon": [[0, 0], [1, 0], [1, 1]], "map": "umap"})
    (row,) = store.current().to_dict("records")
    assert (row["image"], row["class"], row["how"], row["who"]) == ("x", "tumour", "lasso", "ada")
    assert row["when"].endswith("+00:00")
    assert np.isnan(row["probability"]) and row["propagation"] == ""
    newest = store.history().iloc[0]
    assert newest["detail"] == {"polygon": [[0, 0], [1, 0], [1, 1]], "map": "umap"}


def test_the_last_label_of_an_image_holds(store: LabelStore) -> None:
    first, second = store.add_class("first", "ada"), store.add_class("second", "ada")
    store.label(["x", "y"], first.id, "ada", "click")
    store.label(["x"], second.id, "bob", "click")
    assert named(store) == {"x": "second", "y": "first"}


def test_clearing_takes_a_label_off(store: LabelStore) -> None:
    one = store.add_class("one", "ada")
    store.label(["x", "y"], one.id, "ada", "click")
    store.clear(["x"], "ada")
    assert named(store) == {"y": "one"}


def test_a_pseudo_label_never_stands_over_a_persons(store: LabelStore) -> None:
    one, two = store.add_class("one", "ada"), store.add_class("two", "ada")
    store.label(["x"], one.id, "ada", "click")
    store.accept(["x", "y"], [two.id, two.id], [0.9, 0.8], "spread-1", "ada")
    frame = store.current().set_index("image")
    assert frame.loc["x", "class"] == "one"
    assert frame.loc["y", ["class", "how", "probability", "propagation"]].tolist() == [
        "two",
        "accepted",
        0.8,
        "spread-1",
    ]


def test_a_pseudo_label_fills_an_image_whose_label_was_cleared(store: LabelStore) -> None:
    one, two = store.add_class("one", "ada"), store.add_class("two", "ada")
    store.label(["x"], one.id, "ada", "click")
    store.clear(["x"], "ada")
    store.accept(["x"], [two.id], [0.9], "spread-1", "ada")
    assert named(store) == {"x": "two"}


def test_a_skipped_image_stays_skipped_until_it_is_labelled(store: LabelStore) -> None:
    one = store.add_class("one", "ada")
    store.skip(["x", "y"], "ada")
    assert store.skipped() == ["x", "y"]
    store.label(["x"], one.id, "ada", "key")
    assert store.skipped() == ["y"]
    assert named(store) == {"x": "one"}


def test_codes_follow_the_order_asked_for(store: LabelStore) -> None:
    one, two = store.add_class("one", "ada"), store.add_class("two", "ada")
    store.label(["b"], one.id, "ada", "click")
    store.label(["c"], two.id, "ada", "click")
    store.accept(["d"], [two.id], [0.7], "spread-1", "ada")
    codes, classes = store.label_codes(["a", "b", "c", "d"])
    assert codes.tolist() == [UNKNOWN, 0, 1, UNKNOWN]
    assert [one.name for one in classes] == ["one", "two"]
    assert store.label_codes(["d", "a"], hand_only=False)[0].tolist() == [1, UNKNOWN]


def test_an_unknown_class_is_refused_and_nothing_is_written(store: LabelStore) -> None:
    version = store.version()
    with pytest.raises(UnknownClass, match="exists no longer"):
        store.label(["x"], 77, "ada", "click")
    assert store.version() == version


class TestClasses:
    def test_new_classes_get_distinct_colours_and_number_keys(self, store: LabelStore) -> None:
        classes = [store.add_class(f"class {number}", "ada") for number in range(40)]
        assert len({one.colour for one in classes}) == 40
        assert [one.key for one in classes[:10]] == list("1234567890")
        assert classes[-1].key == ""

    def test_a_name_is_given_once(self, store: LabelStore) -> None:
        store.add_class("tumour", "ada")
        with pytest.raises(ClassExists, match="tumour"):
            store.add_class("  tumour ", "bob")

    def test_a_name_may_not_be_empty_and_a_colour_is_a_colour(self, store: LabelStore) -> None:
        with pytest.raises(SettingInvalid, match="name"):
            store.add_class("  ", "ada")
        with pytest.raises(SettingInvalid, match="#RRGGBB"):
            store.add_class("x", "ada", "red")

    def test_renaming_and_recolouring_reach_existing_labels(self, store: LabelStore) -> None:
        one = store.add_class("one", "ada")
        store.label(["x"], one.id, "ada", "click")
        store.rename_class(one.id, "uno", "ada")
        store.recolour_class(one.id, "#abcdef", "ada")
        assert named(store) == {"x": "uno"}
        assert store.classes()[0].colour == "#ABCDEF"

    def test_merging_moves_the_labels_over(self, store: LabelStore) -> None:
        one, two, three = (store.add_class(name, "ada") for name in ("one", "two", "three"))
        store.label(["x"], one.id, "ada", "click")
        store.merge_classes(one.id, two.id, "ada")
        store.merge_classes(two.id, three.id, "ada")
        assert named(store) == {"x": "three"}
        assert [one.name for one in store.classes()] == ["three"]

    def test_deleting_unlabels_and_keeps_the_history(self, store: LabelStore) -> None:
        one = store.add_class("one", "ada")
        store.label(["x"], one.id, "ada", "click")
        store.delete_class(one.id, "ada")
        assert named(store) == {}
        assert store.history(image="x")["class"].tolist() == ["one"]
        store.accept(["x"], [store.add_class("two", "ada").id], [0.6], "spread-1", "ada")
        assert named(store) == {"x": "two"}

    def test_keys_of_the_others_stay_when_a_class_goes(self, store: LabelStore) -> None:
        one, two = store.add_class("one", "ada"), store.add_class("two", "ada")
        store.delete_class(one.id, "ada")
        assert [(one.name, one.key) for one in store.classes()] == [("two", "2")]
        assert store.add_class("three", "ada").key == "1"
        store.undo("ada")
        store.undo("ada")
        assert [(one.name, one.key) for one in store.classes()] == [("one", "1"), ("two", two.key)]

    def test_a_misspelt_name_is_answered_with_the_nearest(self, store: LabelStore) -> None:
        store.add_class("stroma", "ada")
        with pytest.raises(UnknownClass, match="Did you mean “stroma”"):
            store.class_named("strma")


class TestUndo:
    def test_every_kind_of_act_can_be_undone_back_to_the_beginning(self, store: LabelStore) -> None:
        one, two = store.add_class("one", "ada"), store.add_class("two", "ada")
        acts = [
            lambda: store.label(["x", "y", "z"], one.id, "ada", "lasso"),
            lambda: store.rename_class(one.id, "uno", "ada"),
            lambda: store.recolour_class(one.id, "#123456", "ada"),
            lambda: store.accept(["v", "w"], [two.id, two.id], [0.9, 0.9], "spread-1", "ada"),
            lambda: store.clear(["x"], "ada"),
            lambda: store.skip(["u"], "ada"),
            lambda: store.merge_classes(two.id, one.id, "ada"),
            lambda: store.delete_class(one.id, "ada"),
        ]
        before = []
        for act in acts:
            before.append((named(store), store.classes(), store.skipped()))
            act()
        for labels, classes, skipped in reversed(before):
            store.undo("ada")
            assert (named(store), store.classes(), store.skipped()) == (labels, classes, skipped)

    def test_undo_survives_a_restart(self, empty_project: Project) -> None:
        first = LabelStore(empty_project)
        one = first.add_class("one", "ada")
        first.label(["x", "y"], one.id, "ada", "click")
        second = LabelStore(empty_project)
        assert second.undo("ada") == "Undone: labelled 2 images “one” (click)."
        assert named(second) == {}
        assert named(first) == {}

    def test_undo_leaves_other_peoples_acts_alone(self, store: LabelStore) -> None:
        one, two = store.add_class("one", "ada"), store.add_class("two", "ada")
        store.label(["x"], one.id, "ada", "click")
        store.label(["x"], two.id, "bob", "click")
        store.undo("ada")
        assert named(store) == {"x": "two"}
        store.undo("bob")
        assert named(store) == {}
        with pytest.raises(NothingToUndo, match="bob"):
            store.undo("bob")

    def test_redo_takes_the_undos_back_one_by_one(self, store: LabelStore) -> None:
        one = store.add_class("one", "ada")
        store.label(["x"], one.id, "ada", "click")
        store.label(["y"], one.id, "ada", "click")
        store.undo("ada")
        store.undo("ada")
        assert store.redo("ada") == "Redone: labelled 1 image “one” (click)."
        assert named(store) == {"x": "one"}
        store.redo("ada")
        assert named(store) == {"x": "one", "y": "one"}
        with pytest.raises(NothingToUndo):
            store.redo("ada")

    def test_nothing_can_be_redone_after_something_new(self, store: LabelStore) -> None:
        one = store.add_class("one", "ada")
        store.label(["x"], one.id, "ada", "click")
        store.undo("ada")
        store.label(["y"], one.id, "ada", "click")
        with pytest.raises(NothingToUndo):
            store.redo("ada")

    def test_an_undo_that_would_give_one_name_to_two_classes_is_refused(self, store: LabelStore) -> None:
        one = store.add_class("one", "ada")
        store.rename_class(one.id, "uno", "ada")
        store.add_class("one", "bob")
        with pytest.raises(ClassExists, match="two classes “one”"):
            store.undo("ada")
        assert [one.name for one in store.classes()] == ["uno", "one"]

    def test_history_says_what_was_undone(self, store: LabelStore) -> None:
        one = store.add_class("one", "ada")
        store.label(["x"], one.id, "ada", "click")
        store.undo("ada")
        history = store.history()
        assert history["what"].tolist() == ["undo", "label", "add class"]
        assert history["undone"].tolist() == [False, True, False]


def test_codes_are_those_of_the_images_asked_for_whichever_were_asked_for_before(project: Project) -> None:
    store = LabelStore(project)
    store.label(["a"], store.add_class("one", "ada").id, "ada", "key")
    asked = (["a", "b", "c"], ["c", "b", "a"], ["b", "c"], ["a", "b", "c"])
    assert [list(store.label_codes(ids)[0]) for ids in asked] == [[0, -1, -1], [-1, -1, 0], [-1, -1], [0, -1, -1]]
