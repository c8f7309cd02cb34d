"""Fat: large empty cells, washed out in fixing, between membranes as thin as a pen stroke."""

from __future__ import annotations

import numpy as np

from engine.demo.canvas import Canvas
from engine.demo.cells import NucleusKind, grow
from engine.demo.cellular import rise_angles, share_out, surroundings
from engine.demo.noise import as_floats, octaves, ramp, ridge, sample, warped_grid
from engine.demo.points import scatter, scatter_along
from engine.types import Floats

ADIPOCYTE = NucleusKind(4.6, 1.5, 0.15, 0.85, 0.1, 0.2, 0.0, bend=0.02)
_SPACING = 43  # pixels between the middles of cells


def draw_adipose(canvas: Canvas, where: Floats, rng: np.random.Generator) -> Floats:
    """Fat cells whose middles lie where `where` [H W] > 0.5; returns their cover [H W]."""
    shape = canvas.shape
    centres = scatter(shape, _SPACING, rng, margin=_SPACING)
    fat = sample(where, centres) > 0.5
    if not fat.any():
        return np.zeros(shape, dtype=np.float32)
    near = surroundings(where, _SPACING)
    cells = share_out(centres, warped_grid(shape, 2.5, 30, rng), corner=2.5, step=1, near=near)
    inside = as_floats(fat[cells.owner] & near)
    grain = octaves(shape, 5, rng)
    thickness = 1.0 + 0.35 * octaves(shape, 40, rng)
    canvas.bury(inside)
    canvas.cover(inside * ramp(cells.wall, -3, -1), 0.05, 0.26 + 0.05 * grain)
    canvas.cover(inside * ramp(cells.wall - thickness, -0.6, 0.6), 0.008, 0.012)
    canvas.eosin += inside * 0.03 * ridge(cells.wall - thickness, 1.5, 1.2)
    rim = (np.abs(cells.wall - 0.8) < 0.8) & (inside > 0)
    points = scatter_along(rim, 34, rng)
    points = points[rng.random(len(points)) < 0.45]
    angles = rise_angles(cells.wall, points) + np.float32(np.pi / 2)
    canvas.nuclei.append(grow(points, angles, ADIPOCYTE, rng))
    return inside
