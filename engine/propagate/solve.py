"""What propagations over a graph solve: systems of the normalised Laplacian, by conjugate gradients.

All classes at once, each with its own step; a column that is near enough rests. Hestenes and Stiefel, Journal of
Research of the National Bureau of Standards 1952, https://doi.org/10.6028/jres.049.044.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from engine.types import UNKNOWN, Array, Floats, Indices

TOLERANCE = 1e-6  # residual over right-hand side, for each class
MAXIMUM_STEPS = 500  # spreading with α = 0.999 needs about 300


def degrees(affinity: csr_array) -> Floats:
    """The weights of each image's edges together [N]."""
    degree: Floats = np.asarray(affinity.sum(axis=1), np.float32).ravel()
    return degree


def inverse_root(degree: Floats) -> Floats:
    """D^-1/2 [N]; 0 for an image without neighbours."""
    scale: Floats = np.divide(1, np.sqrt(degree), out=np.zeros_like(degree), where=degree > 0)
    return scale


def symmetric_normal(affinity: csr_array) -> csr_array:
    """S = D^-1/2 W D^-1/2; the row of an image without neighbours stays zero."""
    scale = inverse_root(degrees(affinity))
    rows = np.repeat(np.arange(affinity.shape[0]), np.diff(affinity.indptr))
    values = affinity.data * scale[rows] * scale[affinity.indices]
    return csr_array((values, affinity.indices, affinity.indptr), shape=affinity.shape)


def conjugate_gradients(
    matrix: csr_array, seeds: Floats, alpha: float, start: Floats | None = None, tolerance: float = TOLERANCE
) -> tuple[Floats, int]:
    """Solve (I - αS) F = (1 - α) Y for all columns whose residual is above the tolerance; the others stay as they are.

    A new label changes the right-hand side of one class only, so with a warm start only that column is solved again.

    Args:
        matrix: S [N N], symmetric, eigenvalues in [-1, 1].
        seeds: Y [N L].
        start: where to begin [N L]; at zero by default.
        tolerance: residual over right-hand side, for each column.

    Returns:
        F [N L] and the steps it took.
    """
    return solve(matrix, (1 - alpha) * seeds, alpha, start, tolerance)


def solve(
    matrix: csr_array, target: Floats, alpha: float, start: Floats | None = None, tolerance: float = TOLERANCE
) -> tuple[Floats, int]:
    """Solve (I - αS) X = B; with α = 1 the part of X that S leaves as it is stays what it was at the start.

    Args:
        matrix: S [N N], symmetric, eigenvalues in [-1, 1].
        target: B [N L]; with α = 1 free of what S leaves as it is.
        start: where to begin [N L]; at zero by default.
        tolerance: residual over right-hand side, for each column.

    Returns:
        X [N L] and the steps it took.
    """
    solution = np.zeros_like(target) if start is None else start.astype(target.dtype)
    residual = (target - solution + alpha * (matrix @ solution)).astype(target.dtype, copy=False)
    goal = tolerance**2 * np.maximum(_square_sums(target), np.finfo(np.float32).tiny)
    if start is not None and (_square_sums(residual) > goal).sum() > 1:
        return _solve_turned(matrix, solution, alpha, residual, goal)
    work = np.flatnonzero(_square_sums(residual) > goal)
    change, steps = _descend(matrix, alpha, np.ascontiguousarray(residual[:, work]), goal[work] / 4)
    solution[:, work] += change
    return solution, steps


def _solve_turned(
    matrix: csr_array, solution: Floats, alpha: float, residual: Floats, goal: Array
) -> tuple[Floats, int]:
    """Go on from a start [N L], with the columns mixed so that few of them hold what is left to do.

    One label more changes every column, but by multiples of one or two columns: the residual has that rank. Its
    principal axes V [L L] make one or two columns of it large, and the others small enough to rest.
    """
    axes = np.linalg.eigh(residual.T.astype(np.float64) @ residual)[1].astype(residual.dtype)
    turned, turned_goal = residual @ axes, (axes**2).T @ goal
    work = np.flatnonzero(_square_sums(turned) > turned_goal)
    change, steps = _descend(matrix, alpha, np.ascontiguousarray(turned[:, work]), turned_goal[work] / 4)
    solution += change @ axes[:, work].T
    return solution, steps


def components(affinity: csr_array) -> Indices:
    """Which part of the graph each image is in [N]; no path leads from one part to another."""
    part: Indices = connected_components(affinity, directed=False)[1].astype(np.int64)
    return part


def reached(part: Indices, labels: Indices) -> Array:
    """Whether a path leads from some label to the image [N]."""
    found: Array = np.isin(part, part[labels != UNKNOWN])
    return found


def one_hot(labels: Indices, classes: int) -> Floats:
    """Y [N L]: 1 where an image has that label; a row of 0 for an image without."""
    seeds = np.zeros((len(labels), classes), np.float32)
    known = np.flatnonzero(labels != UNKNOWN)
    seeds[known, labels[known]] = 1
    return seeds


def rows_to_one(values: Floats) -> Floats:
    """Rows ≥ 0 [N L] brought to a sum of 1; rows of 0 stay."""
    total = values.sum(axis=1, keepdims=True)
    probabilities: Floats = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    return probabilities


def _descend(matrix: csr_array, alpha: float, residual: Floats, goal: Array) -> tuple[Floats, int]:
    """The change [N l] that takes the residual [N l] below the goal [l]; a column that is there already rests."""
    change, direction = np.zeros_like(residual), residual.copy()
    squares = _square_sums(residual)
    for step in range(MAXIMUM_STEPS):
        working = squares > goal
        if not working.any():
            return change, step
        image = direction - alpha * (matrix @ direction)
        length = _ratio(squares, np.einsum("nl,nl->l", direction, image), working)
        change += length * direction
        residual -= length * image
        squares, before = _square_sums(residual), squares
        direction *= _ratio(squares, before, working)
        direction += residual
    return change, MAXIMUM_STEPS


def _square_sums(block: Floats) -> Array:
    sums: Array = np.einsum("nl,nl->l", block, block)
    return sums


def _ratio(above: Array, below: Array, working: Array) -> Array:
    """above / below where the column is still working, 0 where it rests."""
    ratio: Array = np.divide(above, below, out=np.zeros_like(above), where=working & (below > 0))
    return ratio
