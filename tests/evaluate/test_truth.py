"""Scoring a project against a truth file: what is matched, what is left out, and that no truth leaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

from engine.embeddings import save_embedding
from engine.errors import ColumnMissing, EmbeddingMissing, TableUnreadable
from engine.evaluate import evaluate
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project


@pytest.fixture
def truth(demo_material: Path, tmp_path: Path) -> Path:
    """The demo's truth, in a file to change at will."""
    path = tmp_path / "truth.csv"
    path.write_bytes((demo_material / "truth.csv").read_bytes())
    return path


@pytest.fixture
def answerable(project: Project, truth: Path) -> Project:
    """A project with an embedding in which classes lie apart, and one hand label of each class."""
    table = read_table(project)
    label = pd.read_csv(truth).set_index("path").label.loc[list(table.paths)].to_numpy()
    names, codes = np.unique(label, return_inverse=True)
    vectors = np.eye(len(names), dtype=np.float32)[codes]
    vectors += 0.05 * np.random.default_rng(0).standard_normal(vectors.shape, dtype=np.float32)
    embedding = save_embedding(
        project, "apart", vectors, list(table.ids), {"created": "2024-01-01T00:00:00", "images": table.fingerprint}
    )
    write_neighbours(project, "apart", vectors, embedding.fingerprint)
    store = LabelStore(project)
    for code, name in enumerate(names):
        one = store.add_class(str(name), "ann")
        store.label([table.ids[np.flatnonzero(codes == code)[0]]], one.id, "ann", "click")
    return project


def write_neighbours(project: Project, embedding: str, vectors: np.ndarray, fingerprint: str) -> None:
    """The neighbours by scikit-learn, as engine.geometry.neighbours keeps them."""
    centred = vectors - vectors.mean(axis=0)
    distance, indices = NearestNeighbors(n_neighbors=9, metric="cosine").fit(centred).kneighbors()
    np.savez(
        project.neighbours_path(embedding),
        indices=indices.astype(np.int32),
        similarities=(1 - distance).astype(np.float32),
        method="exact",
        recall=1.0,
        fingerprint=fingerprint,
    )


def test_where_classes_lie_apart_nearly_all_answers_are_right(answerable: Project, truth: Path) -> None:
    scores = evaluate(answerable, truth)
    classes = len(scores.classes)
    assert scores.accuracy > 0.9
    assert scores.images == 60 - classes  # one of each was labelled by hand
    assert scores.labelled == classes
    assert np.sum(scores.confusion) + scores.unanswered == scores.images
    assert (scores.embedding, scores.method) == ("apart", "spread")


def test_truth_never_reaches_the_label_log(answerable: Project, truth: Path) -> None:
    store = LabelStore(answerable)
    before = store.version(), len(store.classes()), len(store.current())
    evaluate(answerable, truth)
    assert (store.version(), len(store.classes()), len(store.current())) == before


def test_the_truth_of_hand_labelled_images_changes_no_score(answerable: Project, truth: Path) -> None:
    before = evaluate(answerable, truth)
    frame = pd.read_csv(truth)
    by_hand = set(LabelStore(answerable).current()["image"])
    table = read_table(answerable)
    paths = {path for one, path in zip(table.ids, table.paths, strict=True) if one in by_hand}
    frame.loc[frame.path.isin(paths), "label"] = frame.label.iloc[0]
    frame.to_csv(truth, index=False)
    assert evaluate(answerable, truth) == before


def test_accepted_pseudo_labels_are_scored_like_any_answer(answerable: Project, truth: Path) -> None:
    before = evaluate(answerable, truth)
    store, table = LabelStore(answerable), read_table(answerable)
    rest = [one for one in table.ids if one not in set(store.current()["image"])]
    store.accept(rest, [store.classes()[0].id] * len(rest), [0.9] * len(rest), "spread-1", "ann")
    assert evaluate(answerable, truth).accuracy == before.accuracy


def test_groups_make_the_interval_and_are_counted(answerable: Project, truth: Path) -> None:
    scores = evaluate(answerable, truth, group="patient")
    assert scores.group == "patient"
    assert scores.groups == read_table(answerable).column("patient").nunique()


def test_paths_that_name_no_image_are_reported(answerable: Project, truth: Path) -> None:
    with truth.open("a") as file:
        file.write("nowhere/lost.png,stroma,1.0\n")
    scores = evaluate(answerable, truth)
    assert scores.unmatched == ["nowhere/lost.png"]
    assert "1 paths of the truth match no image" in scores.sentence


def test_an_image_with_two_truths_is_left_out_and_reported(answerable: Project, truth: Path) -> None:
    frame = pd.read_csv(truth)
    by_hand = set(LabelStore(answerable).current()["image"])
    table = read_table(answerable)
    path = next(path for one, path in zip(table.ids, table.paths, strict=True) if one not in by_hand)
    before = evaluate(answerable, truth).images
    pd.concat([frame, pd.DataFrame([{"path": path, "label": "something else"}])]).to_csv(truth, index=False)
    scores = evaluate(answerable, truth)
    assert scores.conflicting == [path]
    assert scores.images == before - 1


def test_rows_without_a_class_are_left_out(answerable: Project, truth: Path) -> None:
    frame = pd.read_csv(truth)
    before = evaluate(answerable, truth)
    frame.loc[frame.index[-10:], "label"] = ""
    frame.to_csv(truth, index=False)
    scores = evaluate(answerable, truth)
    assert scores.images + scores.labelled == before.images + before.labelled - 10


def test_a_class_that_only_the_truth_has_is_wrong_everywhere(answerable: Project, truth: Path) -> None:
    frame = pd.read_csv(truth)
    by_hand = set(LabelStore(answerable).current()["image"])
    table = read_table(answerable)
    path = next(path for one, path in zip(table.ids, table.paths, strict=True) if one not in by_hand)
    frame.loc[frame.path == path, "label"] = "rare"
    frame.to_csv(truth, index=False)
    scores = evaluate(answerable, truth)
    rare = next(row for row in scores.per_class if row["class"] == "rare")
    assert (rare["images"], rare["recall"], rare["answers"]) == (1, 0, 0)


def test_images_that_the_embedding_lacks_count_as_unanswered(answerable: Project, truth: Path) -> None:
    table = read_table(answerable)
    by_hand = list(LabelStore(answerable).current()["image"])
    rest = [one for one in table.ids if one not in by_hand]
    kept = by_hand + rest[:20]
    vectors = np.random.default_rng(0).standard_normal((len(kept), 4), dtype=np.float32)
    embedding = save_embedding(
        answerable, "few", vectors, kept, {"created": "2024-01-02T00:00:00", "images": table.fingerprint}
    )
    write_neighbours(answerable, "few", vectors, embedding.fingerprint)
    scores = evaluate(answerable, truth, embedding="few")
    assert scores.images == len(rest)
    assert scores.unanswered >= len(rest) - 20


def test_a_missing_column_is_named_with_those_there_are(answerable: Project, truth: Path) -> None:
    with pytest.raises(TableUnreadable, match="path, label, share"):
        evaluate(answerable, truth, column="diagnosis")
    with pytest.raises(ColumnMissing):
        evaluate(answerable, truth, group="hospital")


def test_a_truth_about_other_images_is_an_error_and_not_a_score(answerable: Project, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("path,label\nx.png,a\ny.png,b\n")
    with pytest.raises(TableUnreadable, match="nothing to score"):
        evaluate(answerable, other)


def test_without_an_embedding_there_is_nothing_to_score(project: Project, truth: Path) -> None:
    with pytest.raises(EmbeddingMissing):
        evaluate(project, truth)
