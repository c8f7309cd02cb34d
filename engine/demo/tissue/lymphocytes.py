"""Lymphocytes: small, round, dark, hardly any cytoplasm; in sheets, and a few wherever there is stroma."""

from __future__ import annotations

import numpy as np

from engine.demo.canvas import Canvas
from engine.demo.cells import NucleusKind, grow
from engine.demo.noise import octaves, ramp, sample, smooth_noise
from engine.demo.points import scatter
from engine.types import Floats

LYMPHOCYTE = NucleusKind(3.2, 2.9, 0.1, 0.92, 0.2, 0.5, 0.35, wobble=0.06)
MACROPHAGE = NucleusKind(4.3, 3.2, 0.12, 0.6, 0.75, 0.35, 0.3, wobble=0.1, nucleoli=0.5)


def draw_lymphocytes(canvas: Canvas, where: Floats, rng: np.random.Generator) -> None:
    """A sheet of lymphocytes where `where` [H W] > 0.5, over a thin net of fibres."""
    net = octaves(canvas.shape, 7, rng)
    canvas.cover(0.8 * where, 0.10 + 0.03 * net, np.maximum(0.15 + 0.05 * net, 0.02))
    crowded = smooth_noise(canvas.shape, 45, rng)
    points = scatter(canvas.shape, 5.7, rng, where=where > 0.5)
    points = points[rng.random(len(points)) < 0.84 + 0.22 * np.minimum(sample(crowded, points), 0.5)]
    large = rng.random(len(points)) < 0.05
    canvas.nuclei.append(grow(points[~large], None, LYMPHOCYTE, rng))
    canvas.nuclei.append(grow(points[large], None, MACROPHAGE, rng))


def draw_lamina(canvas: Canvas, where: Floats, rng: np.random.Generator) -> None:
    """The loose tissue between normal glands, in proportion to `where` [H W]: pale, with a few round cells."""
    net = octaves(canvas.shape, 9, rng)
    canvas.cover(0.6 * where, 0.06 + 0.02 * net, np.maximum(0.16 + 0.05 * net, 0.02))
    points = scatter(canvas.shape, 7.0, rng, where=where > 0.5)
    points = points[
        rng.random(len(points)) < 0.2 + 0.4 * ramp(sample(octaves(canvas.shape, 30, rng), points), -0.5, 1.5)
    ]
    plasma = rng.random(len(points)) < 0.3
    canvas.nuclei.append(grow(points[~plasma], None, LYMPHOCYTE, rng))
    canvas.nuclei.append(grow(points[plasma], None, MACROPHAGE, rng))


def sprinkle_lymphocytes(canvas: Canvas, where: Floats, rng: np.random.Generator) -> None:
    """A few in small clusters where `where` [H W] > 0.5."""
    near = ramp(octaves(canvas.shape, 60, rng), 0.6, 2.2)
    points = scatter(canvas.shape, 7.5, rng, where=where > 0.5)
    points = points[rng.random(len(points)) < 0.04 + 0.6 * sample(near, points)]
    canvas.nuclei.append(grow(points, None, LYMPHOCYTE, rng))
