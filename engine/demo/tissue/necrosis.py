"""Necrosis: cells that fell apart. Smudged eosin, ghosts of nuclei, dark crumbs of chromatin, cracks."""

from __future__ import annotations

import numpy as np

from engine.demo.canvas import Canvas
from engine.demo.cells import NucleusKind, grow
from engine.demo.noise import octaves, ramp, sample, smooth_noise
from engine.demo.points import scatter
from engine.types import Floats

GHOST = NucleusKind(4.6, 3.6, 0.25, 0.22, 0.2, 0.5, 0.0, wobble=0.15)
PYKNOTIC = NucleusKind(2.6, 2.1, 0.25, 1.2, 0.0, 0.2, 0.5, wobble=0.15)
CRUMB = NucleusKind(1.2, 0.9, 0.35, 1.0, 0.0, 0.1, 0.2, wobble=0.1)


def draw_necrosis(canvas: Canvas, where: Floats, rng: np.random.Generator) -> None:
    """Dead tissue where `where` [H W] is 1."""
    shape = canvas.shape
    granules, clouds = octaves(shape, 4, rng, 2), octaves(shape, 40, rng)
    eosin = 0.31 + 0.04 * clouds + 0.05 * granules + 0.04 * smooth_noise(shape, 1.5, rng)
    haze = 0.10 + 0.03 * octaves(shape, 22, rng) + 0.02 * granules
    canvas.cover(where, np.maximum(haze, 0.01), np.maximum(eosin, 0.05))
    holes = ramp(octaves(shape, 17, rng) - 0.5 * clouds, 1.5, 2.3)
    canvas.bleach(0.85 * where * holes)
    dead = where > 0.5
    clusters = ramp(smooth_noise(shape, 26, rng), 0.1, 1.6)
    for kind, spacing, base, gathered in ((GHOST, 11, 0.35, 0.0), (PYKNOTIC, 9, 0.03, 0.25), (CRUMB, 3.2, 0.02, 0.35)):
        points = scatter(shape, spacing, rng, where=dead)
        points = points[rng.random(len(points)) < base + gathered * sample(clusters, points)]
        canvas.nuclei.append(grow(points, None, kind, rng))
