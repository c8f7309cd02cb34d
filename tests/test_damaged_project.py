"""A project whose files were damaged or half deleted says so in words; it never ends in a stack trace."""

from __future__ import annotations

import numpy as np
import pytest

from engine import jobs
from engine.embeddings import list_embeddings, load_embedding, save_embedding
from engine.errors import EmbeddingMissing, LabelsUnreadable, ProjectMissing, RunMissing, SettingInvalid
from engine.images.cache import build_cache
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.priors.choice import read_choice
from engine.project import Project, open_project

DAMAGE = (b"", b"\xff\xfe\x00", b"[]", b"{}", b"null", b'{"format": 1}')  # what a JSON file can hold by mischance


@pytest.mark.parametrize("content", DAMAGE)
def test_a_damaged_project_file_is_named(project: Project, content: bytes) -> None:
    project.about_path.write_bytes(content)
    with pytest.raises(ProjectMissing, match=r"project\.json"):
        open_project(project.root)


@pytest.mark.parametrize("content", DAMAGE)
def test_a_damaged_embedding_is_no_embedding(project: Project, content: bytes) -> None:
    _embed(project)
    (project.embedding_folder("e") / "about.json").write_bytes(content)
    assert list_embeddings(project) == []
    with pytest.raises(EmbeddingMissing, match="damaged"):
        load_embedding(project, "e")


def test_vectors_without_their_ids_are_no_embedding(project: Project) -> None:
    _embed(project)
    np.save(project.embedding_folder("e") / "ids.npy", np.array(["a"]))
    with pytest.raises(EmbeddingMissing, match="1 ids for vectors"):
        load_embedding(project, "e")


@pytest.mark.parametrize("content", DAMAGE)
@pytest.mark.parametrize("file", ["status.json", "request.json"])
def test_a_damaged_run_is_no_run(project: Project, file: str, content: bytes) -> None:
    folder = project.run_folder("train-1")
    folder.mkdir(parents=True)
    (folder / "request.json").write_text('{"kind": "train", "title": "t", "created": "2026"}')
    (folder / "status.json").write_text('{"state": "done", "queued": 0}')
    assert [one.run for one in jobs.statuses(project)] == ["train-1"]
    (folder / file).write_bytes(content)
    assert jobs.statuses(project) == []
    with pytest.raises(RunMissing):
        jobs.stop_run(project, "train-1")


@pytest.mark.parametrize("content", [b"\xff", b"{", b"3", b'[{"name": 1}]'])
def test_a_damaged_choice_of_priors_is_named(project: Project, content: bytes) -> None:
    project.priors_path.write_bytes(content)
    with pytest.raises(SettingInvalid, match=r"priors\.json"):
        read_choice(project)


def _embed(project: Project) -> None:
    table = read_table(project)
    about = {"images": table.fingerprint, "created": "2026-01-01"}
    save_embedding(project, "e", np.eye(len(table), 4, dtype=np.float32), list(table.ids), about)


@pytest.mark.parametrize("content", [b"no database" * 100, b"SQLite format 3\x00" + b"\xff" * 2000])
def test_a_damaged_label_log_is_named(project: Project, content: bytes) -> None:
    project.labels_path.write_bytes(content)
    with pytest.raises(LabelsUnreadable, match=r"labels\.sqlite"):
        LabelStore(project).classes()


def test_a_label_log_damaged_while_in_use_is_named(project: Project) -> None:
    store = LabelStore(project)
    project.labels_path.write_bytes(b"no database" * 1000)
    with pytest.raises(LabelsUnreadable, match=r"labels\.sqlite"):
        store.add_class("a", "ada")


def test_a_damaged_pixel_cache_is_made_again(project: Project) -> None:
    table = read_table(project)
    whole = build_cache(project, table, 16).take(np.arange(len(table)))
    next(project.cache_folder(16).glob("contents-*.npy")).write_bytes(b"")
    assert np.array_equal(build_cache(project, table, 16).take(np.arange(len(table))), whole)
