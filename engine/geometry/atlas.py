"""The map of an embedding: a layout in two dimensions in which images that are alike lie close.

UMAP: McInnes et al., 2018, https://arxiv.org/abs/1802.03426, from the neighbour graph that is there already, begun at
the principal components and seeded, so that the same embedding gives the same map. Where the project has the map of
another embedding already, a new one begins there and is laid on it (alignment.py): regions stay where they were.
Distances between far regions of a map mean little. Too few images for UMAP are laid out by their first two principal
components, and about.json says so.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from engine import files
from engine.embeddings import load_embedding
from engine.errors import EmbeddingMissing, EmbeddingStale, UnknownName
from engine.geometry.alignment import Reference, begin_at, last_map, lie_on
from engine.geometry.neighbours import Graph, centred_directions, load_graph
from engine.project import Project
from engine.types import Array, Floats, Progress, silent

ALGORITHMS = ("umap", "pca")
FEWEST_FOR_UMAP = 16  # images; with fewer its neighbourhoods are the whole data set
NEIGHBOURS = 15  # UMAP's own default
MINIMUM_DISTANCE = 0.1


@dataclass(frozen=True, eq=False)
class Layout:
    """Points and how they came about."""

    points: Floats  # [N 2], no unit
    algorithm: str  # the one that was used
    reason: str  # why it is not the one that was asked for; "" where it is


def make_map(
    project: Project, embedding: str, algorithm: str = "umap", seed: int = 0, progress: Progress = silent
) -> Floats:
    """Lay out an embedding and write the map under maps/<algorithm>/; returns the points [N 2].

    Raises:
        UnknownName: no such algorithm.
        EmbeddingMissing, EmbeddingStale: no such embedding, or no neighbours that fit it.
    """
    if algorithm not in ALGORITHMS:
        raise UnknownName(f"No map algorithm is called “{algorithm}”. There are: {', '.join(ALGORITHMS)}.")
    source = load_embedding(project, embedding)
    began = time.perf_counter()
    progress(0, 1)
    graph = load_graph(project, embedding)
    reference = last_map(project, source, algorithm, "umap") if algorithm == "umap" else None
    layout = lay_out(source.vectors, graph, algorithm, seed, reference)
    folder = project.map_folder(embedding, algorithm)
    files.write_array(folder / "points.npy", layout.points)
    about = {
        "algorithm": layout.algorithm,
        "asked_for": algorithm,
        "reason": layout.reason,
        "laid_on": reference.about() if reference and layout.algorithm == "umap" else None,
        "seed": seed,
        "neighbours": NEIGHBOURS,
        "minimum_distance": MINIMUM_DISTANCE,
        "images": len(layout.points),
        "embedding": source.fingerprint,
        "fingerprint": files.fingerprint([source.fingerprint, layout.algorithm, seed, layout.points]),
        "versions": _versions(layout.algorithm),
        "seconds": round(time.perf_counter() - began, 2),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    files.write_json(folder / "about.json", about)  # last: a map without it is not read
    progress(1, 1)
    return layout.points


def load_map(project: Project, embedding: str, name: str = "umap") -> Floats:
    """The points of a map [N 2], in the order of the embedding.

    Raises:
        EmbeddingMissing: no such embedding, or no map of this name.
        EmbeddingStale: the map was made from other vectors.
    """
    folder = project.map_folder(embedding, name)
    again = f"Make it again with: map {project.root} --embedding {embedding} --algorithm {name}"
    try:
        about = files.read_object(folder / "about.json", "embedding")
        points: Floats = np.load(folder / "points.npy", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        raise EmbeddingMissing(f"The embedding “{embedding}” has no map “{name}” yet. {again}") from None
    if about["embedding"] != load_embedding(project, embedding).fingerprint:
        raise EmbeddingStale(f"The map “{name}” of “{embedding}” was made from other vectors. {again}")
    return points


def lay_out(vectors: Array, graph: Graph, algorithm: str, seed: int, reference: Reference | None = None) -> Layout:
    """Points for vectors [N D]; with too few images always by principal components, which lie on no reference."""
    directions = centred_directions(vectors)
    start = two_components(directions)
    if algorithm == "pca":
        return Layout(start, "pca", "")
    if len(directions) < FEWEST_FOR_UMAP:
        return Layout(start, "pca", f"{len(directions)} images are too few for UMAP, which needs {FEWEST_FOR_UMAP}.")
    if reference is None:
        return Layout(umap_points(directions, graph, start, seed), "umap", "")
    points = umap_points(directions, graph, begin_at(reference, start), seed)
    return Layout(lie_on(points, reference.points, reference.rows), "umap", "")


def two_components(directions: Floats) -> Floats:
    """The first two principal components [N 2], each axis pointing where its largest loading is positive."""
    _, axes = np.linalg.eigh(directions.T.astype(np.float64) @ directions)
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    points = np.zeros((len(directions), 2), np.float32)
    points[:, : axes.shape[1]] = directions @ axes
    return points


def umap_points(directions: Floats, graph: Graph, start: Floats, seed: int, passes: int | None = None) -> Floats:
    """UMAP [N 2] over the graph's neighbours, begun at `start` [N 2] brought to UMAP's usual width of 10.

    Args:
        passes: over the edges; None for UMAP's usual number, which leaves little of where it began.
    """
    count = min(NEIGHBOURS, graph.indices.shape[1] + 1)
    own = np.arange(len(graph), dtype=np.int32)[:, None]
    indices = np.hstack([own, graph.indices[:, : count - 1]])  # UMAP counts an image as its own first neighbour
    distances = np.hstack([np.zeros_like(own, np.float32), 1 - graph.similarities[:, : count - 1]])
    noise = np.random.default_rng(seed).normal(scale=1e-4, size=start.shape)  # parts exact duplicates
    begin = start * (10 / max(float(np.abs(start).max()), 1e-12)) + noise
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Tensorflow not installed", category=ImportWarning)
        warnings.filterwarnings("ignore", message="precomputed_knn", category=UserWarning)  # we never transform
        from umap import UMAP  # seconds to import and compile

        reducer = UMAP(
            n_neighbors=count,
            min_dist=MINIMUM_DISTANCE,
            n_epochs=passes,
            metric="cosine",
            init=begin.astype(np.float32),
            random_state=seed,
            n_jobs=1,  # more would make the map differ from run to run
            precomputed_knn=(indices, np.maximum(distances, 0)),
            force_approximation_algorithm=True,  # else UMAP searches small data again itself
        )
        points: Floats = reducer.fit_transform(directions)
    return np.ascontiguousarray(points, dtype=np.float32)


def _versions(algorithm: str) -> dict[str, str]:
    from importlib.metadata import version

    names = ("numpy", "umap-learn") if algorithm == "umap" else ("numpy",)
    return {name: version(name) for name in names}
