"""Classifying a project: the answer is saved, reviewed and accepted like a propagation."""

from __future__ import annotations

import numpy as np
import pytest

from engine.classify import answer_by, classify, prepare
from engine.errors import ColumnMissing, TooFewLabels, UnknownName
from engine.images.table import read_rows, write_rows
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate import accept_above, load_propagation, propagate, save_propagation
from tests.labels.test_suggest import five_regions, regions

__all__ = ["five_regions"]  # the fixture


@pytest.fixture
def labelled(five_regions: Project) -> Project:
    """Two labels in each of the five regions."""
    store = LabelStore(five_regions)
    for code, first in enumerate([0, 150, 270, 360, 420]):
        name = store.add_class(f"region {code}", "ada").id
        store.label([f"i{first}", f"i{first + 1}"], name, "ada", "key")
    return five_regions


def test_every_image_is_answered_with_the_reason_for_the_mixture(labelled: Project) -> None:
    result = classify(labelled, "e")
    assert (result.predicted == regions()[1]).all()
    assert "of 10 labels left out in turn" in result.note


def test_it_is_saved_and_accepted_like_a_propagation(labelled: Project) -> None:
    result = classify(labelled, "e", "prototype", {"sharpness": 50})
    saved = load_propagation(labelled, save_propagation(labelled, result))
    assert (saved.method, saved.settings, saved.note) == ("prototype", {"sharpness": 50.0}, "")
    np.testing.assert_array_equal(saved.probabilities, result.probabilities)
    assert accept_above(labelled, saved, 0.5, "ada") == 440


def test_the_same_labels_give_the_same_id_and_others_another(labelled: Project) -> None:
    first = classify(labelled, "e", "knn").id
    assert classify(labelled, "e", "knn").id == first != classify(labelled, "e", "knn", {"neighbours": 3}).id


def test_groups_of_a_column_are_left_out_whole(labelled: Project) -> None:
    rows = read_rows(labelled)
    rows["patient"] = [f"p{row % 7}" for row in range(len(rows))]
    write_rows(labelled, rows)
    assert "left out with their whole group" in classify(labelled, "e", group="patient").note
    with pytest.raises(ColumnMissing):
        classify(labelled, "e", group="slide")


def test_a_single_class_is_refused(five_regions: Project) -> None:
    store = LabelStore(five_regions)
    store.label(["i0"], store.add_class("only", "ada").id, "ada", "key")
    with pytest.raises(TooFewLabels, match="at least 2 classes"):
        classify(five_regions, "e")


def test_one_call_serves_classifiers_and_propagations(labelled: Project) -> None:
    assert answer_by(labelled, "e", "lda").method == "lda"
    np.testing.assert_array_equal(answer_by(labelled, "e", "spread").predicted, propagate(labelled, "e").predicted)
    with pytest.raises(UnknownName, match="laplacian_shot"):
        answer_by(labelled, "e", "laplacianshot")


def test_what_was_prepared_once_gives_the_same_answer(labelled: Project) -> None:
    once, prepared = classify(labelled, "e"), classify(labelled, prepare(labelled, "e"))
    assert (once.id, once.embedding) == (prepared.id, prepared.embedding)
    np.testing.assert_array_equal(once.probabilities, prepared.probabilities)
