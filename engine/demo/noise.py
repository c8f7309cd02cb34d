"""Random fields that vary smoothly: the hand tremor of everything the generator draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import ndimage, sparse

from engine.types import Array, Floats, Indices

Shape = tuple[int, int]  # rows, columns, in pixels

_SPLINE_DEVIATION = 0.73  # standard deviation of a cubic spline through independent unit normals


def smooth_noise(shape: Shape, scale: float, rng: np.random.Generator) -> Floats:
    """Noise [H W] of mean 0 and standard deviation about 1 whose blobs measure about `scale` pixels, ≥ 1."""
    if scale < 4:  # a filter is exact where a spline would be coarser than the pixels
        blurred = ndimage.gaussian_filter(rng.standard_normal(shape, dtype=np.float32), scale / 2, mode="wrap")
        return as_floats(blurred / max(float(blurred.std()), 1e-6))
    rows, columns = (int(np.ceil(side / scale)) + 5 for side in shape)
    knots = rng.standard_normal((rows, columns), dtype=np.float32)
    start = rng.uniform(1, 2, size=2)
    return as_floats(_interpolate(knots, shape, start, 1 / scale) / _SPLINE_DEVIATION)


def octaves(shape: Shape, scale: float, rng: np.random.Generator, count: int = 3) -> Floats:
    """Sum [H W] of `count` smooth noises, each half the size and half the strength of the one before; deviation ≈ 1."""
    total = sum((smooth_noise(shape, max(scale / 2**level, 1), rng) / 2**level for level in range(count)), start=0)
    return as_floats(total / np.sqrt(sum(0.25**level for level in range(count))))


def warped_grid(shape: Shape, reach: float, scale: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Row and column [H W] of every pixel, pushed about by smooth noise of `reach` pixels, so that lines wander."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return rows + reach * smooth_noise(shape, scale, rng), columns + reach * smooth_noise(shape, scale, rng)


def sample(field: Floats, points: Floats) -> Floats:
    """Values [M] of a field [H W] at the pixels nearest to points [M 2] (row, column); the edge's beyond the edge."""
    rows, columns = pixels_of(points, field.shape)
    return as_floats(field[rows, columns])


def pixels_of(points: Floats, shape: tuple[int, ...]) -> tuple[Indices, Indices]:
    """Row and column [M] of the pixels that hold points [M 2], kept inside the shape."""
    nearest = np.rint(points).astype(np.int64)
    return np.clip(nearest[:, 0], 0, shape[0] - 1), np.clip(nearest[:, 1], 0, shape[1] - 1)


def ramp(values: Floats, low: float, high: float) -> Floats:
    """0 below `low`, 1 above `high`, a smooth step [H W] between; falls instead of rising where low > high."""
    unit = np.clip((values - low) / (high - low), 0, 1)
    return as_floats(unit * unit * (3 - 2 * unit))


def ridge(values: Floats, centre: float, width: float) -> Floats:
    """A bell [H W] of height 1 around `centre`, `width` wide: draws a line where a distance field passes it."""
    return as_floats(np.exp(-np.square((values - centre) / width)))


def _interpolate(knots: Floats, shape: Shape, start: Array, step: float) -> Floats:
    """Cubic spline through the knots, at start + step × pixel: one axis after the other."""
    down = _spline_weights(knots.shape[0], shape[0], float(start[0]), step)
    right = _spline_weights(knots.shape[1], shape[1], float(start[1]), step)
    return as_floats(down @ np.ascontiguousarray((right @ knots.T).T))


def _spline_weights(knots: int, pixels: int, start: float, step: float) -> sparse.csr_array:
    """Weights [pixels knots] of Catmull–Rom interpolation along one axis, four to a row; start ≥ 1."""
    position = start + step * np.arange(pixels)
    base = np.floor(position)
    t = position - base
    weights = np.stack(
        [
            -0.5 * t**3 + t**2 - 0.5 * t,
            1.5 * t**3 - 2.5 * t**2 + 1,
            -1.5 * t**3 + 2 * t**2 + 0.5 * t,
            0.5 * t**3 - 0.5 * t**2,
        ],
        axis=1,
    ).astype(np.float32)
    columns = base[:, None].astype(np.int32) + np.arange(-1, 3, dtype=np.int32)
    starts = np.arange(0, 4 * pixels + 1, 4, dtype=np.int32)
    return sparse.csr_array((weights.ravel(), columns.ravel(), starts), shape=(pixels, knots))


def as_floats(values: ArrayLike) -> Floats:
    """The values in single precision."""
    return np.asarray(values, dtype=np.float32)
