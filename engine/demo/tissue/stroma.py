"""Stroma: bundles of wavy collagen, clefts between them, spindle nuclei along them, a capillary here and there."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.demo.canvas import Canvas
from engine.demo.cells import NucleusKind, grow
from engine.demo.noise import Shape, as_floats, octaves, ramp, ridge, sample, smooth_noise
from engine.demo.points import scatter
from engine.types import Floats

FIBROBLAST = NucleusKind(7.0, 1.7, 0.22, 0.75, 0.2, 0.25, 0.35, wobble=0.06, bend=0.012)
ENDOTHELIUM = NucleusKind(5.0, 1.7, 0.15, 0.95, 0.1, 0.2, 0.1, bend=0.03)
_CRIMP = 34  # pixels from wave to wave of a fibre


def draw_stroma(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Fill the whole sheet with collagen; returns the direction of the fibres [H W], radians from the column axis."""
    shape = canvas.shape
    along, across = _fibre_coordinates(shape, rng)
    fine, bundles = _streaks(shape, along, across, 0.9, rng), _streaks(shape, along, across, 4.0, rng)
    dense = ramp(octaves(shape, 150, rng), -1.2, 1.4)  # loose and dense districts
    canvas.eosin[:] = (
        0.18 + 0.11 * dense + (0.05 + 0.02 * dense) * bundles + 0.05 * fine + 0.012 * smooth_noise(shape, 2, rng)
    )
    np.maximum(canvas.eosin, 0.05, out=canvas.eosin)
    canvas.haematoxylin[:] = 0.05 + 0.012 * bundles
    np.maximum(canvas.haematoxylin, 0.01, out=canvas.haematoxylin)
    clefts = ramp(bundles + 0.5 * fine + 0.9 * (1 - dense), 1.75, 2.3)
    canvas.bleach(0.85 * clefts)
    down, right = np.gradient(ndimage.gaussian_filter(across, 1.5))
    return as_floats(np.arctan2(down, right) + np.pi / 2)


def populate_stroma(canvas: Canvas, where: Floats, direction: Floats, rng: np.random.Generator) -> None:
    """Lay fibroblasts along the fibres where `where` [H W] > 0.5, about one in 20 × 20 pixels."""
    crowded = smooth_noise(canvas.shape, 70, rng)
    points = scatter(canvas.shape, 12, rng, where=where > 0.5)
    points = points[rng.random(len(points)) < 0.26 + 0.2 * sample(crowded, points)]
    angles = sample(direction, points) + 0.12 * rng.standard_normal(len(points)).astype(np.float32)
    canvas.nuclei.append(grow(points, angles, FIBROBLAST, rng))


def draw_capillaries(canvas: Canvas, where: Floats, rng: np.random.Generator) -> None:
    """Small vessels: a pale lumen with red cells, ringed by flat nuclei."""
    for middle in scatter(canvas.shape, 130, rng, where=where > 0.5):
        _draw_capillary(canvas, middle, rng)


def _draw_capillary(canvas: Canvas, middle: Floats, rng: np.random.Generator) -> None:
    long, short, angle = rng.uniform(8, 17), rng.uniform(5, 8), rng.uniform(0, np.pi)
    part, down, right = canvas.window(middle, 26)
    x = (right * np.cos(angle) + down * np.sin(angle)) / long
    y = (down * np.cos(angle) - right * np.sin(angle)) / short
    depth = (1 - np.hypot(x, y) * (1 + 0.08 * np.sin(3 * np.arctan2(y, x) + angle))) * short
    part.cover(ramp(depth, -2.5, 0), 0.10, 0.34)
    part.cover(ramp(depth, 0, 1.2), 0.01, 0.03)
    for cell in scatter((52, 52), 5.5, rng) - 26:
        disc = np.hypot(down - cell[0], right - cell[1])
        fits = float(np.min(np.where(disc < 2.5, depth, 9), initial=9))
        if fits > 0.4 and rng.random() < 0.75:
            part.cover(ramp(disc, 3.4, 2.2), 0.02, 0.62 - 0.12 * ridge(disc, 0, 1.2))
    turns = np.cumsum(rng.uniform(1.2, 2.6, size=4))
    x, y = (long + 1.5) * np.cos(turns), (short + 1.5) * np.sin(turns)
    points = np.stack(
        [middle[0] + x * np.sin(angle) + y * np.cos(angle), middle[1] + x * np.cos(angle) - y * np.sin(angle)], axis=1
    ).astype(np.float32)
    tangent = angle + np.arctan2(short * np.cos(turns), -long * np.sin(turns))
    canvas.nuclei.append(grow(points, tangent.astype(np.float32), ENDOTHELIUM, rng))


def _fibre_coordinates(shape: Shape, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Position along and across the fibres [H W], in pixels: a slant, large bends and a small regular wave."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    slant = rng.uniform(0, np.pi)
    along = columns * np.cos(slant) + rows * np.sin(slant)
    across = rows * np.cos(slant) - columns * np.sin(slant)
    across = across + 70 * smooth_noise(shape, 220, rng) + 9 * smooth_noise(shape, 60, rng)
    wave = 2 * np.pi * (along + 12 * smooth_noise(shape, 50, rng)) / _CRIMP
    across = across + 1.5 * ramp(smooth_noise(shape, 120, rng), -0.5, 1) * np.sin(wave)
    return as_floats(along), as_floats(across)


def _streaks(shape: Shape, along: Floats, across: Floats, breadth: float, rng: np.random.Generator) -> Floats:
    """Noise [H W] drawn out along the fibres, `breadth` pixels across, deviation about 1."""
    size = 512
    texture = ndimage.gaussian_filter(rng.standard_normal((size, size), dtype=np.float32), (2, 5), mode="wrap")
    texture /= texture.std()
    place = [across * (1.6 / breadth) % size, along * (0.75 / np.sqrt(breadth)) % size]
    return as_floats(ndimage.map_coordinates(texture, place, order=1, mode="grid-wrap"))
