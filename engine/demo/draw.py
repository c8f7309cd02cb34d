"""One slide, whole: regions, then tissue by tissue, then nuclei on top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from engine.demo.canvas import Canvas
from engine.demo.cells import join, stamp
from engine.demo.cellular import enlarge
from engine.demo.noise import octaves, ramp
from engine.demo.plan import FIELD, Slide
from engine.demo.regions import TISSUES, area, draw_regions
from engine.demo.tissue.adipose import draw_adipose
from engine.demo.tissue.glands import NORMAL, TUMOUR, draw_glands
from engine.demo.tissue.lymphocytes import draw_lamina, draw_lymphocytes, sprinkle_lymphocytes
from engine.demo.tissue.necrosis import draw_necrosis
from engine.demo.tissue.stroma import draw_capillaries, draw_stroma, populate_stroma
from engine.types import Floats, Indices


@dataclass(frozen=True)
class Section:
    """A drawn slide: dye in every pixel, and the truth."""

    haematoxylin: Floats  # [H W], optical density
    eosin: Floats  # [H W]
    regions: Indices  # [H W], number of the tissue


def draw_section(slide: Slide, seed: int, rng: np.random.Generator) -> Section:
    """Draw the tissue of a slide at 20x."""
    shape = (slide.rows * FIELD, slide.columns * FIELD)
    regions = draw_regions(shape, slide.patient, seed, rng)
    canvas = Canvas.blank(shape)
    free = _draw_tissues(canvas, regions, rng)
    populate_stroma(canvas, free.where, free.direction, rng)
    sprinkle_lymphocytes(canvas, free.where, rng)
    stamped = stamp(join(canvas.nuclei), shape, rng)
    canvas.bleach(1 - np.exp(-1.2 * stamped.halo))
    eosin = canvas.eosin * (1 - 0.45 * stamped.cover)
    haematoxylin = canvas.haematoxylin * (1 - 0.6 * stamped.cover) + stamped.haematoxylin
    thickness = 1 + 0.06 * octaves(shape, 130, rng)  # the microtome's knife
    return Section(haematoxylin * thickness, eosin * thickness, regions)


@dataclass(frozen=True)
class _Free:
    where: Floats  # [H W], 1 where stroma still shows
    direction: Floats  # [H W], of its fibres, in radians


def _draw_tissues(canvas: Canvas, regions: Indices, rng: np.random.Generator) -> _Free:
    direction = draw_stroma(canvas, rng)
    soft = {name: _fray(area(regions, name), rng) for name in ("lymphocytes", "necrosis", "normal glands")}
    draw_capillaries(canvas, area(regions, "stroma"), rng)
    draw_lamina(canvas, soft["normal glands"], rng)
    draw_lymphocytes(canvas, soft["lymphocytes"], rng)
    draw_necrosis(canvas, soft["necrosis"], rng)
    fat = draw_adipose(canvas, area(regions, "adipose"), rng)
    normal = draw_glands(canvas, area(regions, "normal glands"), NORMAL, rng)
    tumour = draw_glands(canvas, area(regions, "tumour"), TUMOUR, rng)
    taken = ramp(np.maximum(normal.depth, tumour.depth), -5, -3)
    for name, where in (("adipose", fat > 0.5), ("normal glands", normal.depth > -4), ("tumour", tumour.depth > -4)):
        regions[where] = TISSUES.index(name)
    others = fat + sum(soft.values())
    return _Free(np.clip(1 - taken - others, 0, 1), direction)


def _fray(where: Floats, rng: np.random.Generator) -> Floats:
    """The area [H W] with its border dissolved into islands and bays."""
    wide = enlarge(ndimage.gaussian_filter(where[::4, ::4], 2.75), (where.shape[0], where.shape[1]), 4)
    return ramp(wide + 0.16 * octaves((where.shape[0], where.shape[1]), 18, rng), 0.35, 0.6)
