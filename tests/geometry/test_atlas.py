"""Maps: what UMAP draws from the graph, and what stands in for it when there are too few images.

All are drawn in one process of their own, where UMAP is compiled once and is far from torch.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from engine.embeddings import save_embedding
from engine.errors import EmbeddingMissing, EmbeddingStale, UnknownName
from engine.geometry.atlas import load_map, make_map
from engine.project import Project, create_project, open_project
from engine.types import Floats

DRAW = """
import sys, warnings
from pathlib import Path
import numpy as np
from engine.geometry.atlas import make_map
from engine.geometry.neighbours import build_neighbours
from engine.project import open_project

warnings.simplefilter("error")
project = open_project(Path(sys.argv[1]) / "project")
for name in ("many", "turned", "few", "twins", "one", "flat"):
    build_neighbours(project, name)
np.save(Path(sys.argv[1]) / "first.npy", make_map(project, "many", seed=1))
np.save(Path(sys.argv[1]) / "other.npy", make_map(project, "many", seed=2))
make_map(project, "many", seed=1)
make_map(project, "many", algorithm="pca")
make_map(project, "turned")
for name in ("few", "twins", "one", "flat"):
    make_map(project, name)
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project whose embeddings have maps, drawn by one process."""
    folder = tmp_path_factory.mktemp("maps")
    (folder / "images").mkdir()
    project = create_project(folder / "project", folder / "images")
    cases = {
        "many": many(),
        "turned": many() @ np.linalg.qr(np.random.default_rng(1).normal(size=(12, 12)))[0].astype(np.float32),
        "few": many()[:10],
        "twins": np.repeat(many()[::30], 20, axis=0),
        "one": many()[:1],
        "flat": np.ones((4, 1), np.float32),
    }
    for name, vectors in cases.items():
        ids = [f"i{row}" for row in range(len(vectors))]
        save_embedding(project, name, vectors, ids, {"images": "", "created": "2025", "name": name})
    command = [sys.executable, "-c", DRAW, str(folder)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True, timeout=280)
    return folder


@pytest.fixture
def maps(drawn: Path) -> Project:
    return open_project(drawn / "project")


def many() -> Floats:
    """Vectors [200 12] around four centres, fifty each."""
    rng = np.random.default_rng(0)
    vectors = np.eye(4, 12)[np.repeat(np.arange(4), 50)] * 8 + rng.normal(size=(200, 12))
    return vectors.astype(np.float32)


def about(project: Project, embedding: str, name: str = "umap") -> dict[str, object]:
    told: dict[str, object] = json.loads((project.map_folder(embedding, name) / "about.json").read_text())
    return told


def test_regions_of_the_embedding_are_regions_of_the_map(maps: Project) -> None:
    points = load_map(maps, "many")
    assert points.shape == (200, 2)
    assert points.dtype == np.float32
    assert silhouette_score(points, np.repeat(np.arange(4), 50)) > 0.5


def test_the_same_seed_gives_the_same_map_to_the_last_bit(drawn: Path, maps: Project) -> None:
    np.testing.assert_array_equal(load_map(maps, "many"), np.load(drawn / "first.npy"))
    assert not np.array_equal(load_map(maps, "many"), np.load(drawn / "other.npy"))


def test_a_map_says_what_made_it(maps: Project) -> None:
    told = about(maps, "many")
    assert (told["algorithm"], told["seed"], told["images"], told["reason"]) == ("umap", 1, 200, "")
    assert "umap-learn" in str(told["versions"])


def test_too_few_images_are_laid_out_by_principal_components_with_the_reason(maps: Project) -> None:
    told = about(maps, "few")
    assert (told["asked_for"], told["algorithm"]) == ("umap", "pca")
    assert told["reason"] == "10 images are too few for UMAP, which needs 16."
    assert load_map(maps, "few").shape == (10, 2)


def test_regions_stay_where_they_were_in_the_map_of_a_new_embedding(maps: Project) -> None:
    before, after = (load_map(maps, name).reshape(4, 50, 2).mean(axis=1) for name in ("many", "turned"))
    distances = np.linalg.norm(after[:, None] - before[None], axis=2)
    assert distances.argmin(axis=1).tolist() == [0, 1, 2, 3]
    assert about(maps, "turned")["laid_on"] == {
        "embedding": "many",
        "map": about(maps, "many")["fingerprint"],
        "images": 200,
    }


def test_exact_twins_do_not_upset_the_map(maps: Project) -> None:
    assert np.isfinite(load_map(maps, "twins")).all()


def test_one_image_or_one_feature_still_make_a_map(maps: Project) -> None:
    assert load_map(maps, "one").shape == (1, 2)
    assert load_map(maps, "flat").shape == (4, 2)


def test_principal_components_are_those_of_the_singular_value_decomposition(maps: Project) -> None:
    unit = many() - many().mean(axis=0)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    left, values, _ = np.linalg.svd(unit, full_matrices=False)
    np.testing.assert_allclose(np.abs(load_map(maps, "many", "pca")), np.abs(left[:, :2] * values[:2]), atol=1e-4)


def test_a_map_of_other_vectors_is_called_stale(maps: Project, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    project = create_project(tmp_path / "project", tmp_path / "images")
    save_embedding(project, "many", many(), [f"j{row}" for row in range(200)], {"images": "", "created": "2025"})
    with pytest.raises(EmbeddingMissing, match="no map “umap” yet"):
        load_map(project, "many")
    folder = project.map_folder("many", "umap")
    folder.mkdir(parents=True)
    for name in ("points.npy", "about.json"):
        (folder / name).write_bytes((maps.map_folder("many", "umap") / name).read_bytes())
    with pytest.raises(EmbeddingStale, match="other vectors"):
        load_map(project, "many")


def test_an_algorithm_that_does_not_exist_is_answered_with_those_that_do(maps: Project) -> None:
    with pytest.raises(UnknownName, match="umap, pca"):
        make_map(maps, "many", algorithm="tsne")
