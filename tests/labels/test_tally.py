"""Tally: labels counted by who gave them and by class."""

from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.labels.tally import tally
from engine.project import Project


def test_hand_labels_and_accepted_ones_are_counted_apart(project: Project) -> None:
    store, ids = LabelStore(project), list(read_table(project).ids)
    gland, fat = store.add_class("gland", "anna"), store.add_class("fat", "anna")
    store.label(ids[:4], gland.id, "anna", "click")
    store.label(ids[4:5], fat.id, "anna", "key")
    store.accept(ids[5:8], [fat.id] * 3, [0.9] * 3, "p1", "anna")
    counted = tally(store)
    assert (counted.labelled, counted.accepted) == (5, 3)
    assert [(one.name, one.count, one.fullness) for one in counted.per_class] == [("gland", 4, 1.0), ("fat", 1, 0.25)]


def test_a_project_without_classes_counts_nothing(project: Project) -> None:
    counted = tally(LabelStore(project))
    assert (counted.labelled, counted.accepted, counted.per_class) == (0, 0, [])
