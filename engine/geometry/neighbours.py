"""The nearest neighbours of every image, by the cosine of centred vectors: exact up to 100,000 images, HNSW above.

Johnson et al., IEEE Big Data 2021, https://arxiv.org/abs/1702.08734 (faiss); Malkov and Yashunin, TPAMI 2020,
https://arxiv.org/abs/1603.09320 (HNSW). faiss is loaded only while searching, and never beside torch: their OpenMP
runtimes clash on macOS (https://github.com/facebookresearch/faiss/issues/2463).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array

from engine import files
from engine.embeddings import load_embedding
from engine.errors import EmbeddingError, EmbeddingMissing, EmbeddingStale
from engine.project import Project
from engine.types import Array, Floats, Indices, Progress, silent

NEIGHBOURS = 30  # kept for each image; map, suggestion and propagation use 15 to 20 of them
EXACT_UP_TO = 100_000  # images; beyond, exact search takes minutes
BLOCK = 1_024  # images searched at a time
EXPONENT = 3  # γ of an edge's weight; 1 to 3 points of balanced accuracy better than 1 on five real sets
SAMPLE = 1_000  # images on which the recall of HNSW is measured
LINKS, BUILD_WIDTH, SEARCH_WIDTH = 32, 120, 160  # M, efConstruction and efSearch of HNSW


@dataclass(frozen=True, eq=False)
class Graph:
    """The K nearest others of each image, nearest first."""

    indices: Array  # int32 [N K], rows of the embedding
    similarities: Floats  # [N K] cosine of the centred vectors, in [-1, 1]
    method: str  # "exact" or "hnsw"
    recall: float  # share of the true neighbours found, measured on a sample; 1 for exact
    fingerprint: str = ""  # of the embedding it was made from

    def __len__(self) -> int:
        return len(self.indices)


def centred_directions(vectors: Array) -> Floats:
    """Vectors [N D] less their mean, at length 1; a vector equal to the mean stays 0."""
    centred = np.asarray(vectors, np.float32) - np.mean(vectors, axis=0, dtype=np.float64).astype(np.float32)
    return at_length_one(centred)


def at_length_one(vectors: Floats) -> Floats:
    """Vectors [N D] divided by their lengths; one of no length stays 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-12)
    return directions


def find_neighbours(
    vectors: Array, count: int = NEIGHBOURS, progress: Progress = silent, exact_up_to: int = EXACT_UP_TO
) -> Graph:
    """Find the nearest others of every image.

    Args:
        vectors: [N D].
        count: K; less where there are not as many others.
        exact_up_to: N up to which the search is exhaustive.

    Raises:
        EmbeddingError: some vectors hold values that are not numbers.
    """
    broken = int((~np.isfinite(vectors).all(axis=1)).sum())
    if broken:
        raise EmbeddingError(
            f"{broken:,} of {len(vectors):,} vectors hold values that are not numbers: the training diverged. "
            "Train again with a smaller learning rate, then embed again."
        )
    directions = centred_directions(vectors)
    count = min(count, len(directions) - 1)
    if len(directions) <= exact_up_to:
        return Graph(*_search(_exact_index(directions), directions, count, progress), "exact", 1.0)
    graph = Graph(*_search(_hnsw_index(directions, progress), directions, count, progress), "hnsw", 0.0)
    return Graph(graph.indices, graph.similarities, "hnsw", _recall(graph, directions))


def build_neighbours(project: Project, embedding: str, progress: Progress = silent) -> Graph:
    """Find the neighbours in an embedding and write them beside its vectors, once for all that uses them.

    Raises:
        EmbeddingMissing: no embedding of this name.
        EmbeddingError: its vectors are not numbers.
    """
    made_from = load_embedding(project, embedding)
    graph = find_neighbours(made_from.vectors, progress=progress)
    files.write_arrays(
        project.neighbours_path(embedding),
        indices=graph.indices,
        similarities=graph.similarities,
        method=np.array(graph.method),
        recall=np.array(graph.recall),
        fingerprint=np.array(made_from.fingerprint),
    )
    return Graph(graph.indices, graph.similarities, graph.method, graph.recall, made_from.fingerprint)


def load_graph(project: Project, embedding: str) -> Graph:
    """The neighbours in an embedding.

    Raises:
        EmbeddingMissing: no such embedding, or no readable neighbours of it.
        EmbeddingStale: they were made from other vectors.
    """
    wanted = load_embedding(project, embedding).fingerprint
    again = f"Make them again with: embed {project.root} --name {embedding}"
    try:
        packed = files.read_arrays(project.neighbours_path(embedding))
        graph = Graph(
            packed["indices"],
            packed["similarities"],
            str(packed["method"]),
            float(packed["recall"]),
            str(packed["fingerprint"]),
        )
    except FileNotFoundError:
        raise EmbeddingMissing(f"The embedding “{embedding}” has no neighbours yet. {again}") from None
    except (OSError, ValueError, KeyError) as error:
        raise EmbeddingMissing(f"The neighbours of “{embedding}” cannot be read ({error}). {again}") from error
    if graph.fingerprint != wanted:
        raise EmbeddingStale(f"The neighbours of “{embedding}” were made from other vectors. {again}")
    return graph


def nearest(graph: Graph, row: int, count: int) -> tuple[Indices, Floats]:
    """The rows most like one image [count], nearest first, and their similarities; at most the K that were kept."""
    return graph.indices[row, :count].astype(np.int64), graph.similarities[row, :count]


def affinity(graph: Graph, count: int) -> csr_array:
    """Weights of the edges between images, from their `count` nearest neighbours.

    An edge weighs the cube of the cosine, or 0 where that is negative, as in Iscen et al., CVPR 2019,
    https://arxiv.org/abs/1904.04717, equation 9; it counts both ways when either end names the other among its nearest.

    Returns:
        [N N], symmetric, in [0, 1], zero diagonal.
    """
    images, count = len(graph), min(count, graph.indices.shape[1])
    weights = np.clip(graph.similarities[:, :count], 0, 1).ravel() ** EXPONENT
    starts = np.repeat(np.arange(images, dtype=np.int32), count)
    ends = graph.indices[:, :count].ravel().astype(np.int32)
    directed = coo_array((weights, (starts, ends)), shape=(images, images)).tocsr()
    both: csr_array = directed.maximum(directed.T).tocsr()
    both.eliminate_zeros()
    return both


def _exact_index(directions: Floats) -> Any:
    import faiss

    index = faiss.IndexFlatIP(directions.shape[1])
    index.add(directions)
    return index


def _hnsw_index(directions: Floats, progress: Progress) -> Any:
    import faiss

    index = faiss.IndexHNSWFlat(directions.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = BUILD_WIDTH
    index.hnsw.efSearch = SEARCH_WIDTH
    for start in range(0, len(directions), 16 * BLOCK):
        index.add(directions[start : start + 16 * BLOCK])
        progress(start // 2, len(directions))  # building counts as the first half
    return index


def _search(index: Any, directions: Floats, count: int, progress: Progress) -> tuple[Array, Floats]:
    """The `count` nearest others of each row, block by block; a row is not its own neighbour."""
    images = len(directions)
    indices = np.empty((images, count), np.int32)
    similarities = np.empty((images, count), np.float32)
    for start in range(0, images, BLOCK):
        rows = slice(start, min(start + BLOCK, images))
        indices[rows], similarities[rows] = _others(index, directions[rows], start, count)
        progress(rows.stop, images)
    return indices, similarities


def _others(index: Any, queries: Floats, first: int, count: int) -> tuple[Array, Floats]:
    """Nearest of each query less the query itself, which among exact duplicates need not come first."""
    if count == 0:
        return np.empty((len(queries), 0), np.int32), np.empty((len(queries), 0), np.float32)
    scores, found = index.search(queries, count + 1)
    own = found == np.arange(first, first + len(queries))[:, None]
    own[~own.any(axis=1), -1] = True  # itself not among the nearest: drop the farthest
    kept = np.broadcast_to(~own, found.shape)
    return found[kept].reshape(-1, count), np.clip(scores[kept].reshape(-1, count), -1, 1)


def _recall(graph: Graph, directions: Floats) -> float:
    """Share of the true neighbours that the graph holds, over a sample spread evenly over the rows."""
    rows = np.linspace(0, len(directions) - 1, min(SAMPLE, len(directions))).astype(np.int64)
    count = graph.indices.shape[1]
    true = [np.argpartition(-scores, count)[:count] for scores in _scores_without_self(directions, rows)]
    hits = [len(np.intersect1d(graph.indices[row], best)) for row, best in zip(rows, true, strict=True)]
    return float(np.sum(hits) / (len(rows) * count))


def _scores_without_self(directions: Floats, rows: Indices) -> Floats:
    scores: Floats = directions[rows] @ directions.T
    scores[np.arange(len(rows)), rows] = -np.inf
    return scores
