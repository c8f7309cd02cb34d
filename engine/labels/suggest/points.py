"""The images that a strategy works with: clusters of them, and samples that leave enough to choose from."""

from __future__ import annotations

import numpy as np

from engine.geometry.components import sample
from engine.types import Array, Floats, Indices

SAMPLE = 5_000  # images on which centres are found, at least 20 for each centre
FEW = 50  # clusters up to which k-means is started several times


def cluster_images(points: Floats, count: int, rng: np.random.Generator) -> Indices:
    """k-means: the cluster of each image [N], with centres found on a sample where there are many images."""
    from sklearn.cluster import KMeans, kmeans_plusplus  # half a second to import

    chosen = points[sample(len(points), max(SAMPLE, 20 * count), rng)]
    seed = int(rng.integers(2**31))
    if count <= FEW:
        means = KMeans(count, n_init=min(10, 200 // count), max_iter=50, random_state=seed)
    else:  # one start, drawn faster: among many centres a poor one costs little
        first, _ = kmeans_plusplus(chosen, count, n_local_trials=2, random_state=seed)
        means = KMeans(count, init=first, n_init=1, max_iter=30)
    means.fit(chosen)
    cluster: Indices = means.predict(points).astype(np.int64)
    return cluster


def open_sample(open_rows: Array, size: int, rng: np.random.Generator) -> Indices:
    """So many rows, all where there are not more, of which half at least are open, as far as so many are [N → M]."""
    rows = sample(len(open_rows), size, rng)
    if open_rows[rows].sum() >= min(size // 2, open_rows.sum()):
        return rows
    free = np.flatnonzero(open_rows)
    return np.union1d(rows, free[sample(len(free), size // 2, rng)])
