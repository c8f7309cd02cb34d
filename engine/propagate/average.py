"""Vectors averaged over the neighbour graph: each image takes most of its place from those around it.

The propagation of Gasteiger et al., ICLR 2019, https://arxiv.org/abs/1810.05997 (APPNP), X ← (1 - α) X₀ + α D⁻¹W X,
of the vectors themselves and before any classifier sees them, as in Wu et al., ICML 2019,
https://arxiv.org/abs/1902.07153 (SGC). What differs from one neighbour to the next is mostly noise, so classes draw
together, and one image in the middle of many stands for them.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array

from engine.geometry.neighbours import at_length_one
from engine.types import Floats

ALPHA = 0.8  # share that an image takes from its neighbours
ROUNDS = 5


def averaged(points: Floats, affinity: csr_array) -> Floats:
    """Each image between itself and those around it [N D], at length 1 again.

    Args:
        points: [N D].
        affinity: weights of the edges [N N], ≥ 0; see geometry.neighbours.affinity.
    """
    total = np.asarray(affinity.sum(axis=1)).ravel()
    inverse = np.divide(ALPHA, total, out=np.zeros_like(total), where=total > 0)
    around = (diags_array(inverse) @ affinity).tocsr().astype(np.float32)
    own = ((1 - ALPHA) * points).astype(np.float32)
    now = points
    for _ in range(ROUNDS):
        now = own + around @ now
    return at_length_one(now)
