"""Resampling with replacement, whole groups at a time: how far a score would move with other patients.

Efron, Annals of Statistics 1979, https://doi.org/10.1214/aos/1176344552; over whole groups (the cluster bootstrap)
Field and Welsh, JRSS B 2007, https://doi.org/10.1111/j.1467-9868.2007.00593.x.
"""

from __future__ import annotations

import numpy as np

from engine.types import Array, Indices

_AT_ONCE = 50  # resamples whose weights lie in memory together: 50 × groups numbers


def resample_tables(
    cells: Indices, count: int, owners: Indices | None, resamples: int, rng: np.random.Generator
) -> Array | None:
    """Tables of counts as they would be with other draws of the same size.

    Args:
        cells: cell of the table in which each image counts [N], 0 to count - 1.
        owners: group of each image [N], 0 to G - 1; None where every image stands alone.

    Returns:
        Counts [resamples count]; None with fewer than two groups, from which nothing can be learnt about others.
    """
    if owners is None:
        share = np.bincount(cells, minlength=count) / len(cells)
        return rng.multinomial(len(cells), share, size=resamples) if len(cells) > 1 else None
    groups = int(owners.max()) + 1
    if groups < 2:
        return None
    held = np.bincount(owners * count + cells, minlength=groups * count).reshape(groups, count).astype(np.float64)
    even = np.full(groups, 1 / groups)
    drawn = [
        rng.multinomial(groups, even, size=min(_AT_ONCE, resamples - start)) @ held
        for start in range(0, resamples, _AT_ONCE)
    ]
    return np.concatenate(drawn)
