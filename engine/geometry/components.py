"""Principal components of an embedding: fewer features, in which a handful of labels tells more."""

from __future__ import annotations

import numpy as np

from engine.geometry.neighbours import at_length_one, centred_directions
from engine.types import Floats, Indices

COMPONENTS = 64  # in which strategies measure distances and the automatic classifier works
SAMPLE = 5_000  # images on which axes are found


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


def sample(images: int, size: int, rng: np.random.Generator) -> Indices:
    """Rows drawn without repetition, in order; all where there are not more."""
    return np.arange(images) if images <= size else np.sort(rng.choice(images, size, replace=False))
