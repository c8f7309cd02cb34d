"""Glands: a wall of columnar cells on a basement membrane around a lumen; orderly if normal, crowded if tumour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.demo.canvas import Canvas
from engine.demo.cells import NucleusKind, grow
from engine.demo.cellular import rise_angles, share_out, surroundings
from engine.demo.noise import as_floats, octaves, ramp, ridge, smooth_noise, warped_grid
from engine.demo.points import scatter, scatter_along
from engine.demo.tissue.necrosis import CRUMB, PYKNOTIC
from engine.types import Floats

MITOSIS = NucleusKind(4.2, 1.6, 0.15, 1.15, 0.0, 0.35, 0.9, wobble=0.22)  # chromosomes in a plate, cytoplasm cleared


@dataclass(frozen=True)
class GlandKind:
    """How the glands of one tissue are built. Lengths in pixels at 20x, dye in optical density."""

    spacing: float  # between middles
    radius: float  # of a gland that has room
    septum: float  # stroma left between two that touch, half its width
    warp: float  # how far outlines stray
    height: float  # of the wall, from basement membrane to lumen
    unevenness: float  # how much the height strays along the wall
    haematoxylin: float  # in the cytoplasm
    eosin: float
    goblets: float  # share of cells with a mucin vacuole
    debris: float  # of 0 … 1 of the lumens, dead cells inside
    mitoses: float  # share of cells that divide
    rows: bool  # nuclei in one basal row, else several deep all through the wall
    pitch: float  # between the middles of nuclei
    disorder: float  # radians by which nuclei stray from pointing at the lumen
    nucleus: NucleusKind


NORMAL = GlandKind(
    spacing=64, radius=31, septum=4.5, warp=5, height=16, unevenness=0.8,
    haematoxylin=0.10, eosin=0.24, goblets=0.85, debris=0.0, mitoses=0.0,
    rows=True, pitch=5.6, disorder=0.12, nucleus=NucleusKind(4.6, 2.5, 0.08, 0.72, 0.35, 0.35, 0.25),
)  # fmt: skip
TUMOUR = GlandKind(
    spacing=64, radius=44, septum=2.5, warp=10, height=21, unevenness=3.5,
    haematoxylin=0.2, eosin=0.27, goblets=0.0, debris=0.35, mitoses=0.025,
    rows=False, pitch=7.4, disorder=0.4, nucleus=NucleusKind(5.8, 3.7, 0.2, 0.72, 0.75, 0.5, 0.25, 0.1, nucleoli=0.7),
)  # fmt: skip


@dataclass(frozen=True)
class Glands:
    """Where glands ended up, for what lies around them."""

    depth: Floats  # [H W], pixels inside the basement membrane, negative outside
    lumen: Floats  # [H W], pixels inside the lumen, negative outside


def draw_glands(canvas: Canvas, where: Floats, kind: GlandKind, rng: np.random.Generator) -> Glands:
    """Draw glands whose middles lie where `where` [H W] > 0.5; they may reach a little beyond."""
    shape = canvas.shape
    centres = scatter(shape, kind.spacing, rng, where=where > 0.5, margin=kind.spacing, tries=25)
    if not len(centres):
        nowhere = np.full(shape, -1e3, dtype=np.float32)
        return Glands(nowhere, nowhere)
    cells = share_out(centres, warped_grid(shape, kind.warp, 34, rng), corner=3, near=surroundings(where, kind.spacing))
    reach = kind.radius * np.exp(0.12 * rng.standard_normal(len(centres)))
    depth = _soft_minimum(reach[cells.owner].astype(np.float32) - cells.radius, cells.wall - kind.septum)
    lumen = depth - kind.height - kind.unevenness * smooth_noise(shape, 14, rng)
    glands = Glands(depth, lumen.astype(np.float32))
    canvas.bury(ramp(glands.depth, -3, -1))
    _draw_wall(canvas, glands, kind, rng)
    if kind.goblets:
        _draw_goblets(canvas, glands, kind, rng)
    _draw_lumen(canvas, glands, rng)
    if kind.debris:
        _draw_debris(canvas, glands, kind.debris, rng)
    _lay_nuclei(canvas, glands, kind, rng)
    return glands


def _draw_wall(canvas: Canvas, glands: Glands, kind: GlandKind, rng: np.random.Generator) -> None:
    """Basement membrane, the cleft that fixing tears outside it, and the cytoplasm."""
    grain = octaves(canvas.shape, 6, rng)
    torn = ramp(smooth_noise(canvas.shape, 45, rng), 0.4, 1.6)
    canvas.bleach(0.6 * torn * ridge(glands.depth, -3, 1.6))
    canvas.eosin += 0.07 * ridge(glands.depth, -0.8, 1.2)
    inside = ramp(glands.depth, -0.7, 0.7)
    towards_lumen = ramp(glands.lumen, -kind.height, 0)
    haematoxylin = as_floats(np.maximum(kind.haematoxylin * (1 + 0.18 * grain) * (1.15 - 0.3 * towards_lumen), 0))
    eosin = as_floats(np.maximum(kind.eosin * (1 + 0.12 * grain), 0))
    canvas.cover(inside, haematoxylin, eosin)
    canvas.eosin += inside * 0.12 * ridge(glands.lumen, -0.8, 1.2)  # the brush border


def _draw_goblets(canvas: Canvas, glands: Glands, kind: GlandKind, rng: np.random.Generator) -> None:
    """Mucin vacuoles in a row above the nuclei: pale, bluish, a thin wall between them."""
    band = np.abs(glands.lumen + 4.6) < 1.2
    points = scatter_along(band & (glands.depth > 7), 7.2, rng)
    points = points[rng.random(len(points)) < kind.goblets]
    angles = rise_angles(glands.depth, points)
    for point, angle in zip(points, angles, strict=True):
        part, down, right = canvas.window(point, 7)
        along, across = right * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - right * np.sin(angle)
        depth = (1 - np.sqrt((along / 5.2) ** 2 + (across / 3.4) ** 2)) * 4
        part.cover(ramp(depth, -0.4, 1.0), 0.09, 0.05)


def _draw_lumen(canvas: Canvas, glands: Glands, rng: np.random.Generator) -> None:
    """An empty hollow, here and there with threads of mucus."""
    hollow = ramp(glands.lumen, -0.6, 0.8)
    threads = ramp(octaves(canvas.shape, 26, rng), 0.3, 1.6) * (0.6 + 0.4 * smooth_noise(canvas.shape, 3, rng))
    mucus = as_floats(np.maximum(threads, 0))
    canvas.cover(hollow, 0.012 + 0.09 * mucus, 0.012 + 0.05 * mucus)


def _draw_debris(canvas: Canvas, glands: Glands, share: float, rng: np.random.Generator) -> None:
    """Dirty necrosis: some lumens hold what is left of dead cells."""
    chosen = ramp(smooth_noise(canvas.shape, 60, rng), 1.2 - 2.4 * share, 1.6 - 2.4 * share)
    grain = octaves(canvas.shape, 4, rng, 2)
    dirt = chosen * ramp(glands.lumen + 1.5 * grain, 1.0, 3.0) * ramp(grain, -1.4, 0.2)
    canvas.cover(0.85 * dirt, 0.10, as_floats(0.27 + 0.05 * grain))
    for kind, spacing in ((PYKNOTIC, 11), (CRUMB, 4.5)):
        points = scatter(canvas.shape, spacing, rng, where=dirt > 0.5)
        canvas.nuclei.append(grow(points[rng.random(len(points)) < 0.6], None, kind, rng))


def _lay_nuclei(canvas: Canvas, glands: Glands, kind: GlandKind, rng: np.random.Generator) -> None:
    """Rows of nuclei along the membrane, long sides towards the lumen: palisades."""
    if kind.rows:
        points = scatter_along((np.abs(glands.depth - 5) < 0.9) & (glands.lumen < -4), kind.pitch, rng)
    else:
        points = scatter(canvas.shape, kind.pitch, rng, where=(glands.depth > 3.5) & (glands.lumen < -3.5))
    angles = rise_angles(glands.depth, points) + kind.disorder * rng.standard_normal(len(points)).astype(np.float32)
    dividing = rng.random(len(points)) < kind.mitoses
    canvas.nuclei.append(grow(points[~dividing], angles[~dividing], kind.nucleus, rng))
    canvas.nuclei.append(grow(points[dividing], None, MITOSIS, rng))


def _soft_minimum(left: Floats, right: Floats, width: float = 4) -> Floats:
    """The smaller of both [H W], rounded where they are nearly equal."""
    blend = np.clip(0.5 + 0.5 * (right - left) / width, 0, 1)
    return as_floats(right * (1 - blend) + left * blend - width * blend * (1 - blend))
