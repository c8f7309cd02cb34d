"""Propagation over a project: seeds, warm start, saving, review and acceptance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from engine.embeddings import save_embedding
from engine.errors import PropagationMissing, SettingInvalid, TooFewLabels, UnknownClass
from engine.files import write_arrays
from engine.geometry.neighbours import Graph, load_graph
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from engine.propagate import (
    PROPAGATIONS,
    Propagation,
    accept,
    accept_above,
    counts_above,
    load_propagation,
    propagate,
    review_order,
    save_propagation,
)
from engine.types import UNKNOWN

LEFT, RIGHT, APART = range(40), range(40, 80), range(80, 90)  # rows of three regions


@pytest.fixture
def islands(tmp_path: Path) -> Project:
    """A project with an embedding “e” of 90 images (ids i0, i1, …) in three regions whose graphs do not touch."""
    (tmp_path / "images").mkdir()
    project = create_project(tmp_path / "project", tmp_path / "images")
    rng = np.random.default_rng(0)
    region = np.repeat([0, 1, 2], [40, 40, 10])
    vectors = (np.eye(3, 6)[region] * 10 + rng.normal(size=(90, 6))).astype(np.float32)
    ids = [f"i{row}" for row in range(90)]
    embedding = save_embedding(project, "e", vectors, ids, {"images": "", "created": "2025"})
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    distances, indices = NearestNeighbors().fit(unit).kneighbors(n_neighbors=9)
    write_arrays(
        project.neighbours_path("e"),
        indices=indices.astype(np.int32),
        similarities=(1 - distances**2 / 2).astype(np.float32),
        method=np.array("exact"),
        recall=np.array(1.0),
        fingerprint=np.array(embedding.fingerprint),
    )
    return project


@pytest.fixture
def labelled(islands: Project) -> Project:
    """The same with the classes “left” and “right”, one hand label in each of their regions."""
    store = LabelStore(islands)
    for name, row in (("left", 0), ("right", 40)):
        store.label([f"i{row}"], store.add_class(name, "ada").id, "ada", "click")
    return islands


def test_every_image_takes_the_label_of_its_region_and_the_rest_stays_unknown(labelled: Project) -> None:
    found = propagate(labelled, "e")
    assert found.predicted.tolist() == [0] * 40 + [1] * 40 + [UNKNOWN] * 10
    assert (found.confidence[:80] > 0.99).all() and (found.margin[:80] > 0.99).all()
    assert (found.confidence[80:] == 0).all() and (found.margin[80:] == 0).all()


def test_accepted_pseudo_labels_are_no_seeds(labelled: Project) -> None:
    store = LabelStore(labelled)
    store.accept(["i85"], [store.classes()[0].id], [0.9], "spread-1", "ada")
    assert (propagate(labelled, "e").predicted[80:] == UNKNOWN).all()


def test_two_classes_need_a_label(islands: Project) -> None:
    with pytest.raises(TooFewLabels, match="at least 2 classes; there are labels of 0"):
        propagate(islands, "e")
    store = LabelStore(islands)
    store.label(["i1"], store.add_class("left", "ada").id, "ada", "click")
    with pytest.raises(TooFewLabels, match="“left”"):
        propagate(islands, "e")


def test_the_id_says_whether_two_answers_are_the_same(labelled: Project) -> None:
    first = propagate(labelled, "e")
    assert propagate(labelled, "e").id == first.id
    assert propagate(labelled, "e", settings={"alpha": 0.5}).id != first.id
    LabelStore(labelled).undo("ada")
    LabelStore(labelled).redo("ada")
    assert propagate(labelled, "e", start=first).id == first.id


def test_an_earlier_answer_lends_its_graph_and_solution_also_after_a_class_was_added(labelled: Project) -> None:
    first = propagate(labelled, "e")
    store = LabelStore(labelled)
    store.label(["i85"], store.add_class("apart", "ada").id, "ada", "click")
    warm, cold = propagate(labelled, "e", start=first), propagate(labelled, "e")
    assert first.warm_start and warm.warm_start
    assert warm.warm_start.affinity is first.warm_start.affinity
    np.testing.assert_allclose(warm.probabilities, cold.probabilities, atol=1e-5)
    assert (warm.predicted[80:] == 2).all()


@pytest.mark.parametrize("name", list(PROPAGATIONS))
class TestEveryMethod:
    def test_rows_are_probabilities_or_zero(self, labelled: Project, name: str) -> None:
        sums = propagate(labelled, "e", method=name).probabilities.sum(axis=1)
        assert (np.isclose(sums, 1, atol=1e-5) | (sums == 0)).all()

    def test_a_zero_row_where_no_label_reaches(self, labelled: Project, name: str) -> None:
        assert (propagate(labelled, "e", method=name).probabilities[80:] == 0).all()


class TestSaved:
    def test_a_propagation_is_read_as_it_was_saved(self, labelled: Project) -> None:
        made = propagate(labelled, "e")
        save_propagation(labelled, made)
        read = load_propagation(labelled, made.id)
        np.testing.assert_array_equal(read.probabilities, made.probabilities)
        np.testing.assert_array_equal(read.ids, made.ids)
        assert (read.classes, read.settings, read.embedding) == (made.classes, made.settings, "e")

    def test_without_an_id_it_is_the_latest(self, labelled: Project) -> None:
        save_propagation(labelled, propagate(labelled, "e"))
        later = save_propagation(labelled, propagate(labelled, "e", settings={"alpha": 0.5}))
        assert load_propagation(labelled).id == later

    def test_one_that_is_missing_or_damaged_is_named(self, labelled: Project) -> None:
        with pytest.raises(PropagationMissing, match="No propagation has been saved"):
            load_propagation(labelled)
        with pytest.raises(PropagationMissing, match="spread-x"):
            load_propagation(labelled, "spread-x")
        saved = save_propagation(labelled, propagate(labelled, "e"))
        (labelled.propagation_folder(saved) / "answer.npz").write_bytes(b"PK")
        with pytest.raises(PropagationMissing, match="cannot be read"):
            load_propagation(labelled, saved)


def by_hand(labelled: Project) -> Propagation:
    """An answer with probabilities that can be read off: 0.5 to 1 over the first six images, unknown for the rest."""
    probabilities = np.zeros((90, 2), np.float32)
    probabilities[:6, 0] = [0.9, 0.6, 0.5, 0.2, 1.0, 0.45]
    probabilities[:6, 1] = 1 - probabilities[:6, 0]
    return replace(propagate(labelled, "e"), probabilities=probabilities)


class TestReview:
    def test_counts_leave_out_what_is_labelled_and_what_is_unknown(self, labelled: Project) -> None:
        answer = by_hand(labelled)
        assert counts_above(answer, 0.6, answer.labels).tolist() == [2, 1]  # i1, i4 and i3; i0 has a label
        assert counts_above(answer, 0.0, answer.labels).sum() == 5

    def test_least_and_most_certain_are_each_others_reverse(self, labelled: Project) -> None:
        answer, graph = by_hand(labelled), load_graph(labelled, "e")
        assert review_order(answer, answer.labels, graph).tolist() == [2, 5, 1, 3, 4]
        assert review_order(answer, answer.labels, graph, "most certain").tolist() == [4, 3, 1, 5, 2]

    def test_the_odd_one_out_comes_first_where_neighbours_disagree(self, labelled: Project) -> None:
        answer = propagate(labelled, "e")
        flipped = answer.probabilities.copy()
        flipped[7] = flipped[7, ::-1]
        odd = replace(answer, probabilities=flipped)
        graph: Graph = load_graph(labelled, "e")
        assert review_order(odd, odd.labels, graph, "neighbours disagree")[0] == 7

    def test_another_order_is_refused(self, labelled: Project) -> None:
        answer = by_hand(labelled)
        with pytest.raises(SettingInvalid, match="least certain"):
            review_order(answer, answer.labels, load_graph(labelled, "e"), "by name")


class TestAccept:
    def test_all_above_the_threshold_become_pseudo_labels_that_undo_at_once(self, labelled: Project) -> None:
        answer = by_hand(labelled)
        assert accept_above(labelled, answer, 0.6, "ada") == 3
        store = LabelStore(labelled)
        frame = store.current().set_index("image")
        accepted = frame[frame["how"] == "accepted"]
        assert accepted["class"].to_dict() == {"i1": "left", "i3": "right", "i4": "left"}
        np.testing.assert_allclose(accepted["probability"], [0.6, 0.8, 1.0], atol=1e-6)
        assert set(accepted["propagation"]) == {answer.id}
        assert load_propagation(labelled, answer.id).label_version == answer.label_version
        store.undo("ada")
        assert store.current()["how"].tolist() == ["click", "click"]

    def test_a_hand_label_and_an_unknown_image_are_left_out(self, labelled: Project) -> None:
        assert accept(labelled, by_hand(labelled), np.array([0, 1, 85]), "ada") == 1

    def test_the_same_answer_is_accepted_once(self, labelled: Project) -> None:
        answer = by_hand(labelled)
        accept_above(labelled, answer, 0.6, "ada")
        version = LabelStore(labelled).version()
        assert accept_above(labelled, answer, 0.6, "ada") == 0
        assert LabelStore(labelled).version() == version

    def test_a_class_deleted_since_is_refused(self, labelled: Project) -> None:
        answer = by_hand(labelled)
        store = LabelStore(labelled)
        store.delete_class(store.class_named("left").id, "ada")
        with pytest.raises(UnknownClass, match="exists no longer"):
            accept_above(labelled, answer, 0.6, "ada")
