"""Which tissue lies where on a slide: patches of six kinds that meet in wandering borders."""

from __future__ import annotations

import numpy as np

from engine.demo.cellular import share_out
from engine.demo.noise import Shape, as_floats, warped_grid
from engine.demo.points import scatter
from engine.types import Floats, Indices

TISSUES = ("adipose", "lymphocytes", "necrosis", "normal glands", "stroma", "tumour")  # the classes, by number
_SHARES = (0.13, 0.18, 0.16, 0.17, 0.18, 0.18)  # of the area before glands and fat spread beyond theirs
_SPACING = 275  # pixels between the middles of patches: about two tiles
_GOLDEN = 0.6180339887498949  # its multiples fill [0, 1) evenly, so a few patches already hold every kind
_DRIFT = 14  # pixels by which a patch moves from one serial section to the next


def draw_regions(shape: Shape, patient: int, seed: int, rng: np.random.Generator) -> Indices:
    """Number of the tissue [H W] of every pixel; the sections of a patient (same shape) differ only by a drift."""
    block = np.random.default_rng([seed, patient, 1])
    middles = scatter(shape, _SPACING, block, margin=_SPACING / 2)
    kinds = _deal(len(middles), patient, seed)
    grid = warped_grid(shape, 16, 60, block)
    moved = as_floats(middles + _DRIFT * rng.standard_normal(middles.shape))
    regions: Indices = kinds[share_out(moved, grid, corner=1).owner]
    return regions


def area(regions: Indices, tissue: str) -> Floats:
    """1 where a tissue lies, else 0 [H W]."""
    return as_floats(regions == TISSUES.index(tissue))


def _deal(count: int, patient: int, seed: int) -> Indices:
    """Kinds [count] of a patient's patches; over all patients their shares come out as given."""
    start = np.random.default_rng([seed, 2]).random() + patient * 7 * _GOLDEN
    even = (start + np.arange(count) * _GOLDEN) % 1
    return np.searchsorted(np.cumsum(_SHARES)[:-1], even)
