"""Embeddings on disk: saved whole, loaded as they were, stale with a reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.embeddings import align, fresh_embedding, list_embeddings, load_embedding, save_embedding
from engine.errors import EmbeddingMissing, EmbeddingStale
from engine.images.prepare import prepare
from engine.images.table import read_table
from engine.project import Project, create_project
from engine.run_folder import RunFolder
from engine.types import UNKNOWN, Floats


@pytest.fixture
def vectors(project: Project) -> Floats:
    return np.random.default_rng(0).normal(size=(len(read_table(project)), 8)).astype(np.float32)


def save(project: Project, vectors: Floats, name: str = "e", **about: str) -> None:
    table = read_table(project)
    made = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00", **about}
    save_embedding(project, name, vectors, list(table.ids), made)


def test_vectors_and_ids_come_back_as_they_were(project: Project, vectors: Floats) -> None:
    save(project, vectors)
    loaded = load_embedding(project, "e")
    assert np.array_equal(loaded.vectors, vectors)
    assert list(loaded.ids) == list(read_table(project).ids)
    assert (loaded.about["count"], loaded.about["dimensions"], loaded.stale) == (60, 8, "")


def test_the_fingerprint_changes_with_what_made_it_only(project: Project, vectors: Floats) -> None:
    marks = []
    for weights in ("one", "one", "two"):
        save(project, vectors, weights=weights)
        marks.append(load_embedding(project, "e").fingerprint)
    assert marks[0] == marks[1] != marks[2]


def test_a_new_embedding_takes_the_neighbours_and_maps_of_the_old_with_it(project: Project, vectors: Floats) -> None:
    save(project, vectors)
    left_over = project.map_folder("e", "umap") / "points.npy"
    left_over.parent.mkdir(parents=True)
    left_over.write_bytes(b"of the old vectors")
    save(project, vectors)
    assert not left_over.exists()


def test_without_about_there_is_no_embedding(project: Project, vectors: Floats) -> None:
    save(project, vectors)
    (project.embedding_folder("e") / "about.json").unlink()  # as after a kill in the middle of saving
    assert list_embeddings(project) == []
    with pytest.raises(EmbeddingMissing, match="“e”"):
        load_embedding(project, "e")


def test_it_is_stale_when_an_image_has_come_or_gone(images_folder: Path, tmp_path: Path) -> None:
    images = Path(shutil.copytree(images_folder, tmp_path / "images"))
    project = create_project(tmp_path / "project", images)
    prepare(project)
    save(project, np.zeros((60, 4), np.float32))
    gone = read_table(project).paths[7]
    (images / gone).unlink()
    prepare(project)
    embedding, table = load_embedding(project, "e"), read_table(project)
    assert "images have changed" in embedding.stale
    assert list_embeddings(project)[0]["stale"] == embedding.stale
    with pytest.raises(EmbeddingStale, match="Embed again"):
        fresh_embedding(project, "e")
    rows = align(embedding, table)
    assert rows[7] == UNKNOWN
    assert list(embedding.ids[rows != UNKNOWN]) == list(table.ids)


def test_it_is_stale_when_its_run_was_trained_further(project: Project, vectors: Floats) -> None:
    from engine import files

    encoder = RunFolder.of(project, "r").encoder
    files.write_bytes(encoder, b"as it was")
    save(project, vectors, run="r", run_weights=files.content_hash(encoder))
    assert load_embedding(project, "e").stale == ""
    files.write_bytes(encoder, b"a little further")
    assert "trained further" in load_embedding(project, "e").stale


def test_it_outlives_its_run(project: Project, vectors: Floats) -> None:
    save(project, vectors, run="deleted", run_weights="0")
    assert load_embedding(project, "e").stale == ""
