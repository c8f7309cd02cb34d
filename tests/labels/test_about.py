"""What is known of one image, and which images show what a class is."""

from __future__ import annotations

import numpy as np
import pytest

from engine.embeddings import load_embedding, save_embedding
from engine.geometry.neighbours import Graph
from engine.images.table import ImageTable, read_table
from engine.labels.about import Given, Neighbour, given, most_alike
from engine.labels.exemplars import exemplars
from engine.labels.store import LabelStore
from engine.project import Project


@pytest.fixture
def store(project: Project) -> LabelStore:
    """a: images 3, 1, 2 by hand in that order, and 5 accepted at 0.837; b: image 4 by hand."""
    store, ids = LabelStore(project), read_table(project).ids
    a, b = store.add_class("a", "ana").id, store.add_class("b", "ana").id
    for row in (3, 1, 2):
        store.label([ids[row]], a, "ana", "key")
    store.label([ids[4]], b, "ben", "reviewed")
    store.accept([ids[5]], [a], [0.837], "spread-1", "ana")
    return store


@pytest.fixture
def table(project: Project) -> ImageTable:
    return read_table(project)


def test_exemplars_are_the_first_that_people_gave_the_class(store: LabelStore, table: ImageTable) -> None:
    a, b = (one.id for one in store.classes())
    assert {one: rows.tolist() for one, rows in exemplars(store.current(), table).items()} == {a: [3, 1, 2], b: [4]}
    assert exemplars(store.current(), table, count=1)[a].tolist() == [3]


def test_without_labels_there_are_no_exemplars(project: Project, table: ImageTable) -> None:
    assert exemplars(LabelStore(project).current(), table) == {}


def test_a_label_is_told_with_who_gave_it_and_how(store: LabelStore, table: ImageTable) -> None:
    a, b = (one.id for one in store.classes())
    by_hand, accepted = (given(store.current(), table.ids[row]) for row in (4, 5))
    assert by_hand and accepted
    assert by_hand == Given(b, "reviewed", "ben", by_hand.when, None)
    assert accepted == Given(a, "accepted", "ana", accepted.when, 83)
    assert given(store.current(), table.ids[6]) is None


def test_the_most_alike_come_nearest_first_with_their_labels(
    project: Project, store: LabelStore, table: ImageTable
) -> None:
    """The embedding knows the images in reverse order, and not image 0."""
    ids = list(table.ids[1:][::-1])
    save_embedding(project, "toy", np.eye(len(ids), 4, dtype=np.float32), ids, {"images": "", "created": ""})
    toy, place = load_embedding(project, "toy"), {one: at for at, one in enumerate(ids)}
    near = np.tile(np.asarray([place[table.ids[4]], place[table.ids[9]]], np.int32), (len(ids), 1))
    graph = Graph(near, np.tile(np.asarray([0.9, 0.5], np.float32), (len(ids), 1)), "exact", 1.0)
    b = store.class_named("b").id
    assert most_alike(graph, toy, table, 7, store.current()) == [Neighbour(4, 0.9, b), Neighbour(9, 0.5, None)]
    assert most_alike(graph, toy, table, 7, store.current(), count=1) == [Neighbour(4, 0.9, b)]
    assert most_alike(graph, toy, table, 0, store.current()) == []
