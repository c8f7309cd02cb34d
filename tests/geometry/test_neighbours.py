"""The neighbour graph against scikit-learn's exhaustive search, and the affinities made from it.

The searches run in one process of their own: faiss and torch, which other tests load, do not share one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from engine.embeddings import save_embedding
from engine.errors import EmbeddingError, EmbeddingMissing, EmbeddingStale
from engine.geometry.neighbours import Graph, affinity, centred_directions, find_neighbours, load_graph, nearest
from engine.project import Project, create_project
from engine.types import Floats

SEARCH = """
import sys
from pathlib import Path
import numpy as np
from engine.geometry.neighbours import build_neighbours, find_neighbours
from engine.project import open_project

folder = Path(sys.argv[1])
told = []
for path in sorted(folder.glob("*.vectors.npy")):
    name, count, exact_up_to = path.name.split(".")[0].split("-")
    graph = find_neighbours(np.load(path), int(count), lambda *state: told.append(state), int(exact_up_to))
    np.savez(folder / f"{name}.npz", indices=graph.indices, similarities=graph.similarities, method=graph.method,
             recall=graph.recall, told=np.array(told))
build_neighbours(open_project(folder / "project"), "e")
"""


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the vectors and the graphs of all cases, found by one process."""
    folder = tmp_path_factory.mktemp("graphs")
    rng = np.random.default_rng(0)
    random = rng.normal(size=(500, 16)).astype(np.float32)
    cases = {
        "random-10-100000": random,
        "shifted-10-100000": random + 100,
        "twins-3-100000": np.repeat(rng.normal(size=(20, 8)), 10, axis=0).astype(np.float32),
        "few-30-100000": rng.normal(size=(3, 8)).astype(np.float32),
        "one-30-100000": np.ones((1, 8), np.float32),
        "same-2-100000": np.ones((5, 8), np.float32),
        "large-10-1000": rng.normal(size=(3_000, 16)).astype(np.float32),
    }
    for name, vectors in cases.items():
        np.save(folder / f"{name}.vectors.npy", vectors)
    (folder / "images").mkdir()
    project = create_project(folder / "project", folder / "images")
    save_embedding(project, "e", random, [f"i{row}" for row in range(500)], {"images": "", "created": "2025"})
    command = [sys.executable, "-c", SEARCH, str(folder)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True, timeout=120)
    return folder


@pytest.fixture
def graph(searched: Path) -> Callable[[str], Graph]:
    def read(name: str) -> Graph:
        packed = np.load(searched / f"{name}.npz")
        return Graph(packed["indices"], packed["similarities"], str(packed["method"]), float(packed["recall"]))

    return read


def vectors_of(searched: Path, name: str) -> Floats:
    vectors: Floats = np.load(next(searched.glob(f"{name}-*.vectors.npy")))
    return vectors


def test_the_exact_search_finds_what_scikit_learn_finds(searched: Path, graph: Callable[[str], Graph]) -> None:
    vectors = vectors_of(searched, "random")
    oracle = NearestNeighbors(metric="cosine", algorithm="brute").fit(vectors - vectors.mean(axis=0))
    distances, indices = oracle.kneighbors(n_neighbors=10)
    found = graph("random")
    assert (found.method, found.recall) == ("exact", 1.0)
    assert (found.indices == indices).mean() > 0.999  # two as good as equal may swap
    np.testing.assert_allclose(found.similarities, 1 - distances, atol=1e-5)


def test_where_the_origin_lies_does_not_matter(graph: Callable[[str], Graph]) -> None:
    assert (graph("random").indices == graph("shifted").indices).mean() > 0.99


def test_nobody_is_their_own_neighbour_not_even_among_exact_twins(graph: Callable[[str], Graph]) -> None:
    for name in ("random", "twins", "same", "large"):
        found = graph(name).indices
        assert not (found == np.arange(len(found))[:, None]).any()


def test_ten_exact_twins_are_each_others_neighbours(graph: Callable[[str], Graph]) -> None:
    found = graph("twins").indices
    assert (found // 10 == np.arange(200)[:, None] // 10).all()


def test_there_are_at_most_as_many_neighbours_as_others(graph: Callable[[str], Graph]) -> None:
    assert graph("few").indices.shape == (3, 2)
    assert graph("one").indices.shape == (1, 0)


def test_hnsw_states_a_recall_that_agrees_with_scikit_learn(searched: Path, graph: Callable[[str], Graph]) -> None:
    vectors = vectors_of(searched, "large")
    oracle = NearestNeighbors(metric="cosine", algorithm="brute").fit(vectors - vectors.mean(axis=0))
    true = oracle.kneighbors(n_neighbors=10, return_distance=False)
    found = graph("large")
    hits = [len(np.intersect1d(one, other)) for one, other in zip(found.indices, true, strict=True)]
    assert found.method == "hnsw"
    assert found.recall == pytest.approx(np.sum(hits) / true.size, abs=0.01)
    assert found.recall > 0.98


def test_progress_ends_at_the_whole(searched: Path) -> None:
    told = np.load(searched / "random.npz")["told"]
    assert tuple(told[-1]) == (500, 500)


def test_vectors_that_are_not_numbers_are_refused_in_words() -> None:
    vectors = np.ones((4, 3), np.float32)
    vectors[2, 1] = np.nan
    with pytest.raises(EmbeddingError, match=r"1 of 4 vectors .* diverged"):
        find_neighbours(vectors)


class TestOnDisk:
    def test_a_graph_is_read_as_it_was_written(self, searched: Path, graph: Callable[[str], Graph]) -> None:
        read = load_graph(project_of(searched), "e")
        np.testing.assert_array_equal(read.indices[:, :10], graph("random").indices)
        assert (read.method, read.indices.shape, read.indices.dtype) == ("exact", (500, 30), np.int32)

    def test_an_embedding_without_neighbours_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "images").mkdir()
        project = create_project(tmp_path / "project", tmp_path / "images")
        save_embedding(project, "bare", np.ones((2, 2), np.float32), ["a", "b"], {"images": "", "created": "2025"})
        with pytest.raises(EmbeddingMissing, match="no neighbours yet"):
            load_graph(project, "bare")

    def test_neighbours_of_other_vectors_are_called_stale(self, searched: Path, tmp_path: Path) -> None:
        (tmp_path / "images").mkdir()
        project = create_project(tmp_path / "project", tmp_path / "images")
        save_embedding(project, "e", np.ones((2, 2), np.float32), ["a", "b"], {"images": "other", "created": "2025"})
        old = project_of(searched).neighbours_path("e").read_bytes()
        project.neighbours_path("e").write_bytes(old)
        with pytest.raises(EmbeddingStale, match="other vectors"):
            load_graph(project, "e")
        project.neighbours_path("e").write_bytes(old[: len(old) // 2])
        with pytest.raises(EmbeddingMissing, match="cannot be read"):
            load_graph(project, "e")


class TestAffinity:
    three = Graph(  # 0 and 1 name each other; 2 names 0, who does not name 2
        np.array([[1], [0], [0]], np.int32), np.array([[0.5], [0.5], [-0.2]], np.float32), "exact", 1.0
    )

    def test_an_edge_weighs_the_cube_of_the_cosine(self) -> None:
        expected = [[0, 0.125, 0], [0.125, 0, 0], [0, 0, 0]]
        np.testing.assert_allclose(affinity(self.three, 1).toarray(), expected)

    def test_an_edge_counts_both_ways_if_one_end_names_the_other(self) -> None:
        graph = Graph(self.three.indices, np.abs(self.three.similarities), "exact", 1.0)
        np.testing.assert_allclose(affinity(graph, 1).toarray()[0], [0, 0.125, 0.008], atol=1e-7)
        np.testing.assert_allclose(affinity(graph, 1).toarray()[2], [0.008, 0, 0], atol=1e-7)

    def test_it_is_symmetric_with_an_empty_diagonal(self, graph: Callable[[str], Graph]) -> None:
        weights = affinity(graph("random"), 5)
        assert abs(weights - weights.T).max() == 0
        assert weights.diagonal().max() == 0
        assert 0 < weights.data.min() <= weights.data.max() <= 1

    def test_a_graph_of_one_image_has_no_edges(self, graph: Callable[[str], Graph]) -> None:
        assert affinity(graph("one"), 15).nnz == 0


def test_the_nearest_come_first(graph: Callable[[str], Graph]) -> None:
    rows, similarities = nearest(graph("random"), 7, 4)
    assert rows.tolist() == graph("random").indices[7, :4].tolist()
    assert similarities.tolist() == sorted(similarities.tolist(), reverse=True)


def test_directions_have_length_one_and_the_mean_itself_has_none() -> None:
    directions = centred_directions(np.array([[1, 0], [-1, 0], [0, 0]], np.float32))
    np.testing.assert_allclose(directions, [[1, 0], [-1, 0], [0, 0]])


def project_of(searched: Path) -> Project:
    from engine.project import open_project

    return open_project(searched / "project")
