"""Maps that lie on others: what was only turned comes back, and a new map begins at the project's last."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.embeddings import Embedding, save_embedding
from engine.files import write_array, write_json
from engine.geometry.alignment import begin_at, last_map, lie_on
from engine.project import Project, create_project
from engine.types import Floats

IDS = [f"i{row}" for row in range(40)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "images").mkdir()
    return create_project(tmp_path / "project", tmp_path / "images")


@pytest.fixture
def points() -> Floats:
    return np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)


def embed(project: Project, name: str, ids: list[str]) -> Embedding:
    about = {"images": "", "created": "2026-01-01", "name": name}
    return save_embedding(project, name, np.eye(len(ids), 3, dtype=np.float32), ids, about)


def draw(project: Project, embedding: Embedding, points: Floats, made: str, algorithm: str = "umap") -> None:
    folder = project.map_folder(embedding.name, "umap")
    write_array(folder / "points.npy", points)
    about = {"embedding": embedding.fingerprint, "fingerprint": made, "algorithm": algorithm, "made": made}
    write_json(folder / "about.json", about)


def moved(points: Floats) -> Floats:
    """Mirrored, turned by a third of a half turn, three times as wide, and elsewhere."""
    turn = np.array([[np.cos(np.pi / 3), -np.sin(np.pi / 3)], [np.sin(np.pi / 3), np.cos(np.pi / 3)]])
    result: Floats = (3 * (points * [1, -1]) @ turn + [5, -7]).astype(np.float32)
    return result


def test_a_map_that_was_only_moved_comes_back_to_where_it_was(points: Floats) -> None:
    np.testing.assert_allclose(lie_on(moved(points), points), points, atol=1e-5)


def test_some_shared_points_are_enough_to_bring_all_back(points: Floats) -> None:
    shared = np.array([3, 8, 9, 21, 30])
    np.testing.assert_allclose(lie_on(moved(points), points[shared], shared), points, atol=1e-5)


def test_the_newest_map_of_another_embedding_is_the_one_to_lie_on(project: Project, points: Floats) -> None:
    draw(project, embed(project, "old", IDS), points, "2026-01-01")
    draw(project, embed(project, "new", IDS[::-1]), points, "2026-01-02")
    mine = embed(project, "mine", IDS)
    draw(project, mine, points, "2026-01-03")
    found = last_map(project, mine, "umap", "umap")
    assert found is not None
    assert found.about() == {"embedding": "new", "map": "2026-01-02", "images": 40}
    by_id = dict(zip(IDS[::-1], points.tolist(), strict=True))
    assert found.points.tolist() == [by_id[IDS[row]] for row in found.rows]


def test_maps_of_other_images_other_vectors_or_other_algorithms_are_passed_over(
    project: Project, points: Floats
) -> None:
    draw(project, embed(project, "others", [f"j{row}" for row in range(40)]), points, "2026-01-02")
    draw(project, embed(project, "components", IDS), points, "2026-01-03", "pca")
    again = embed(project, "again", IDS)
    draw(project, again, points, "2026-01-04")
    write_json(project.embedding_folder("again") / "about.json", {**again.about, "fingerprint": "other"})
    assert last_map(project, embed(project, "mine", IDS), "umap", "umap") is None


def test_images_that_the_last_map_lacks_begin_where_their_components_lay_them(project: Project, points: Floats) -> None:
    draw(project, embed(project, "old", IDS[:30]), points[:30], "2026-01-01")
    reference = last_map(project, embed(project, "mine", IDS), "umap", "umap")
    assert reference is not None
    np.testing.assert_allclose(begin_at(reference, moved(points)), points - points[:30].mean(axis=0), atol=1e-5)
