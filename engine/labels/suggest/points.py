"""The images as points that strategies measure distances between: principal components, clusters, samples."""

from __future__ import annotations

import numpy as np

from engine.geometry.neighbours import at_length_one, centred_directions
from engine.types import Floats, Indices

SAMPLE = 5_000  # images on which axes and centres are found, at least 20 for each centre
FEW = 50  # clusters up to which k-means is started several times


def principal_components(vectors: Floats, count: int, rng: np.random.Generator) -> Floats:
    """The first principal components of centred directions, each image at length 1 again [N count].

    The axes are those of a sample of the images; finding them costs more than all that follows.
    """
    from sklearn.utils.extmath import randomized_svd

    directions = centred_directions(vectors)
    if directions.shape[1] <= count:
        return directions
    chosen = directions[sample(len(directions), SAMPLE, rng)]
    _, _, axes = randomized_svd(chosen, count, n_iter=3, random_state=int(rng.integers(2**31)))
    return at_length_one(directions @ axes.T.astype(np.float32))


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


def sample(images: int, size: int, rng: np.random.Generator) -> Indices:
    """Rows drawn without repetition, in order; all where there are not more."""
    return np.arange(images) if images <= size else np.sort(rng.choice(images, size, replace=False))
