"""One episode to look at: repeatable, right about itself, within what the images allow; and its wish as an address."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.embeddings import save_embedding
from engine.evaluate.classroom import Wish, lesson, most_queries, most_shots, within
from engine.evaluate.known import Known, known_by_labels, known_by_truth
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import UNKNOWN
from tests.classify.blobs import blobs


def known(sizes: list[int], apart: float = 4.0) -> Known:
    vectors, truth = blobs(sizes, apart)
    rows = np.arange(len(truth)) + 1000
    return Known(vectors, truth, [f"class {one}" for one in range(len(sizes))], rows, vectors.mean(axis=0))


def test_the_same_wish_gives_the_same_episode_and_the_next_number_another() -> None:
    images, wish = known([30] * 6), Wish(ways=3, shots=2, queries=4, seed=5)
    first, again, other = (lesson(images, one) for one in (wish, wish, Wish(ways=3, shots=2, queries=4, seed=6)))
    assert (first.support == again.support).all() and (first.queries == again.queries).all()
    assert first.classes == again.classes and not np.array_equal(first.queries, other.queries)


def test_rows_are_the_tables_and_of_the_classes_they_are_shown_under() -> None:
    images = known([20] * 5)
    seen = lesson(images, Wish(ways=4, shots=3, queries=5))
    class_of = dict(zip(images.rows, images.codes, strict=True))
    assert [images.names[class_of[row]] for row in seen.support] == [name for name in seen.classes for _ in range(3)]
    assert [images.names[class_of[row]] for row in seen.queries] == [seen.classes[place] for place in seen.asked]


def test_separate_classes_are_all_right_and_a_silent_method_is_wrong() -> None:
    seen = lesson(known([20] * 4), Wish(ways=4, shots=1, queries=5))
    assert seen.right.all() and (seen.confidence > 0.25).all()
    assert UNKNOWN not in seen.answered


def test_the_plane_keeps_the_scatter_it_claims() -> None:
    """By hand: in two dimensions the plane shows all, and prototypes are the means of their support's points."""
    rng = np.random.default_rng(0)
    flat = np.concatenate([rng.normal(size=(40, 2)), np.zeros((40, 3))], axis=1).astype(np.float32)
    images = Known(flat, np.arange(40) % 2, ["a", "b"], np.arange(40), np.zeros(5, np.float32))
    seen = lesson(images, Wish(ways=2, shots=4, queries=6))
    assert seen.seen == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(seen.prototypes[1], seen.support_points[4:].mean(axis=0), atol=1e-6)


def test_classes_may_be_chosen() -> None:
    seen = lesson(known([20] * 6), Wish(ways=2, classes=("class 4", "class 1")))
    assert sorted(seen.classes) == ["class 1", "class 4"]


def test_a_wish_is_cut_to_what_the_images_allow() -> None:
    images = known([9, 7, 4])
    assert within(images, Wish(ways=5, shots=1, queries=10)) == Wish(ways=3, shots=1, queries=3)
    assert within(images, Wish(ways=5, shots=20, queries=10)) == Wish(ways=2, shots=6, queries=1)
    assert (most_shots(images, Wish()), most_queries(images, Wish(ways=2, shots=2))) == (6, 5)
    assert most_shots(known([9]), Wish()) == 0


def test_a_wish_comes_back_from_its_address_and_nonsense_is_as_usual() -> None:
    wish = Wish(7, 3, 15, 42, "spread", ("a b", "c&d=ü"), "/data/truth file.csv", "kind")
    assert Wish.from_text(wish.as_text()) == wish
    assert Wish().as_text() == "" and Wish.from_text("ways=-3&seed=x&shots=0&other=1") == Wish()


def test_known_images_are_those_labelled_by_hand_or_told_by_a_table(project: Project, tmp_path: Path) -> None:
    table, store = read_table(project), LabelStore(project)
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00"}
    save_embedding(project, "e", np.eye(len(table), dtype=np.float32), list(table.ids), about)
    for name, rows in (("b", [3, 5]), ("a", [8])):
        store.label(list(table.ids[rows]), store.add_class(name, "ana").id, "ana", "key")
    labelled = known_by_labels(project, "e")
    assert (labelled.names, labelled.rows.tolist(), labelled.codes.tolist()) == (["a", "b"], [3, 5, 8], [1, 1, 0])
    pd.DataFrame({"path": table.paths[:4], "label": ["x", "", "y", "x"]}).to_csv(tmp_path / "t.csv", index=False)
    told = known_by_truth(project, "e", tmp_path / "t.csv")
    assert (told.names, told.rows.tolist(), told.sizes.tolist()) == (["x", "y"], [0, 2, 3], [2, 1])
    assert len(store.current()) == 3  # the table became no label
