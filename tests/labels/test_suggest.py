"""Suggestions: TypiClust against scikit-activeml's and by hand, random, and what may never be suggested."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

from engine.classify import Task, prepare
from engine.embeddings import save_embedding
from engine.files import write_arrays
from engine.geometry.neighbours import Graph, centred_directions, load_graph
from engine.images.table import write_rows
from engine.labels.store import LabelStore
from engine.labels.suggest import STRATEGIES, Situation, suggest
from engine.labels.suggest.typiclust import pick, principal_components, typicality
from engine.project import Project, create_project
from engine.types import UNKNOWN, Floats, Indices

SIZES = (150, 120, 90, 60, 30)  # images in each of five regions far apart


def regions() -> tuple[Floats, Indices]:
    """Vectors [450 16] in five regions, and the region of each."""
    rng = np.random.default_rng(0)
    region = np.repeat(np.arange(5), SIZES)
    vectors = np.eye(5, 16)[region] * 10 + rng.normal(size=(450, 16))
    return vectors.astype(np.float32), region


def graph_of(vectors: Floats) -> Graph:
    """The exact graph, found by scikit-learn."""
    distances, indices = NearestNeighbors().fit(centred_directions(vectors)).kneighbors(n_neighbors=30)
    return Graph(indices.astype(np.int32), (1 - distances**2 / 2).astype(np.float32), "exact", 1.0)


def situation(labelled: list[int]) -> Situation:
    vectors, region = regions()
    labels = np.full(len(vectors), UNKNOWN)
    labels[labelled] = region[labelled]
    return Situation(Task(vectors, labels, 5, graph_of(vectors)), labels == UNKNOWN)


def choose(name: str, now: Situation, count: int, seed: int = 0) -> list[int]:
    part = STRATEGIES[name]
    return [one.row for one in part(part.Config()).choose(now, count, np.random.default_rng(seed))]


@pytest.mark.parametrize("name", list(STRATEGIES))
class TestEveryStrategy:
    def test_chooses_open_images_only_and_each_once(self, name: str) -> None:
        chosen = choose(name, situation([0, 1, 200]), 40)
        assert len(set(chosen)) == 40
        assert not {0, 1, 200} & set(chosen)

    def test_gives_the_same_for_the_same_seed(self, name: str) -> None:
        assert choose(name, situation([]), 12, seed=3) == choose(name, situation([]), 12, seed=3)

    def test_chooses_fewer_where_fewer_are_open(self, name: str) -> None:
        now = situation([])
        few = Situation(now.whole, np.arange(450) < 3)
        assert set(choose(name, few, 10)) == {0, 1, 2}

    def test_says_why(self, name: str) -> None:
        part = STRATEGIES[name]
        (one,) = part(part.Config()).choose(situation([]), 1, np.random.default_rng(0))
        assert one.reason


class TestTypiClust:
    def test_takes_one_from_each_region_the_largest_first(self) -> None:
        _, region = regions()
        assert region[choose("typiclust", situation([]), 5)].tolist() == [0, 1, 2, 3, 4]

    def test_leaves_regions_with_labels_to_the_end(self) -> None:
        _, region = regions()
        labelled = [0, 160]  # of the two largest regions
        assert set(region[choose("typiclust", situation(labelled), 3)]) == {2, 3, 4}

    def test_chooses_what_scikit_activeml_chooses(self) -> None:
        oracle = pytest.importorskip("skactiveml.pool")

        class Regions:
            """A clustering that knows the regions."""

            def __init__(self, n_clusters: int) -> None:
                assert n_clusters == 5

            def fit_predict(self, vectors: Floats) -> Indices:
                return regions()[1]

        now = situation([])
        points = principal_components(now.whole.vectors, 64, np.random.default_rng(0))
        strategy: Any = oracle.TypiClust(cluster_algo=Regions, k=20, random_state=0)
        expected = strategy.query(points, np.full(450, np.nan), batch_size=5)
        assert choose("typiclust", now, 5) == expected.tolist()

    def test_typicality_is_one_over_the_mean_distance(self) -> None:
        """Cosines 1, 0.5 and 0.5, -1 lie at distances 0, 1 and 1, 2."""
        graph = Graph(np.zeros((2, 2), np.int32), np.array([[1, 0.5], [0.5, -1]], np.float32), "exact", 1.0)
        np.testing.assert_allclose(typicality(graph, 2), [2, 2 / 3], rtol=1e-4)

    def test_clusters_of_five_or_fewer_wait_until_the_others_are_used_up(self) -> None:
        cluster = np.repeat([0, 1], [5, 7])
        typical = np.linspace(1, 2, 12).astype(np.float32)
        size, covered = np.array([5, 7]), np.array([0, 3])
        rows = pick(cluster, typical, size, covered, np.ones(12, bool), 12)
        assert cluster[rows].tolist() == [1] * 7 + [0] * 5

    def test_its_reason_counts_the_images_alike(self) -> None:
        part = STRATEGIES["typiclust"]
        chosen = part(part.Config()).choose(situation([]), 5, np.random.default_rng(0))
        assert chosen[0].reason == "centre of 150 images alike, none labelled"

    def test_principal_components_keep_the_cosines_when_nothing_is_dropped(self) -> None:
        vectors, _ = regions()
        wide = np.hstack([vectors, np.zeros((450, 100), np.float32)])
        full, reduced = centred_directions(vectors), principal_components(wide, 16, np.random.default_rng(0))
        np.testing.assert_allclose(reduced @ reduced.T, full @ full.T, atol=1e-3)


@pytest.fixture
def five_regions(tmp_path: Path) -> Project:
    """A project with an embedding “e” of 450 images in five regions, ids i0, i1, …; there are no files."""
    (tmp_path / "images").mkdir()
    project = create_project(tmp_path / "project", tmp_path / "images")
    names = [f"i{row}" for row in range(450)]
    rows = pd.DataFrame({"id": names, "path": [f"{name}.png" for name in names], "content": "c", "mode": "RGB"})
    write_rows(project, rows.assign(width=1, height=1, bytes=1, modified=0, state="ok", reason=""))
    vectors, _ = regions()
    embedding = save_embedding(project, "e", vectors, names, {"images": "", "created": "2025"})
    graph = graph_of(vectors)
    write_arrays(
        project.neighbours_path("e"),
        indices=graph.indices,
        similarities=graph.similarities,
        method=np.array("exact"),
        recall=np.array(1.0),
        fingerprint=np.array(embedding.fingerprint),
    )
    assert load_graph(project, "e").method == "exact"
    return project


def test_a_suggestion_names_the_image_and_its_path(five_regions: Project) -> None:
    first = suggest(five_regions, "e", count=1)[0]
    assert (first.id, first.path) == (f"i{first.row}", f"i{first.row}.png")


def test_labelled_accepted_skipped_and_left_out_images_are_not_suggested(five_regions: Project) -> None:
    store = LabelStore(five_regions)
    one = store.add_class("one", "ada")
    store.label([f"i{row}" for row in range(100)], one.id, "ada", "lasso")
    store.accept([f"i{row}" for row in range(100, 200)], [one.id] * 100, [0.9] * 100, "spread-1", "ada")
    store.skip([f"i{row}" for row in range(200, 300)], "ada")
    further = [f"i{row}" for row in range(300, 440)]
    for strategy in STRATEGIES:
        rows = [found.row for found in suggest(five_regions, "e", strategy, count=50, skip=further)]
        assert sorted(rows) == list(range(440, 450))


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_what_was_prepared_once_suggests_the_same(five_regions: Project, strategy: str) -> None:
    store = LabelStore(five_regions)
    for row, name in ((0, "one"), (200, "two")):
        store.label([f"i{row}"], store.add_class(name, "ada").id, "ada", "key")
    assert suggest(five_regions, prepare(five_regions, "e"), strategy) == suggest(five_regions, "e", strategy)
