"""Where on a slide tissue lies: stained pixels are coloured, glass is not.

The threshold is Otsu's (IEEE SMC 1979) on the saturation, as Lu et al., Nature Biomedical Engineering 2021 (CLAM), use
it. Differs: it is held within bounds, since a slide that is all tissue has no two humps; dark pixels (edges of the
scan, pen) do not count.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.types import Array, Pixels

LOWEST, HIGHEST = 0.04, 0.12  # bounds of the threshold, as saturation from 0 to 1
DARK = 0.15  # value below which a pixel is no tissue
SMOOTH = 5  # pixels of the median filter
CLOSE = 2  # pixels of a gap that is tissue all the same
SMALLEST = 16  # pixels of an overview below which a speck is dust


def tissue_mask(overview: Pixels) -> Array:
    """Which pixels of an overview [H W 3] are tissue, as bool [H W]."""
    colours = overview.astype(np.float32) / 255
    value = colours.max(axis=2)
    saturation = ndimage.median_filter((value - colours.min(axis=2)) / np.maximum(value, 1e-6), SMOOTH)
    threshold = float(np.clip(otsu(saturation), LOWEST, HIGHEST))
    coloured = (saturation > threshold) & (value > DARK)
    mask = ndimage.binary_erosion(ndimage.binary_dilation(coloured, iterations=CLOSE), iterations=CLOSE, border_value=1)
    parts, count = ndimage.label(mask)
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    kept = sizes >= SMALLEST
    kept[0] = False
    tissue: Array = kept[parts]
    return tissue


def otsu(values: Array, bins: int = 256) -> float:
    """The threshold between two classes of values in [0, 1] that leaves the least variance within them."""
    counts, edges = np.histogram(values, bins, (0, 1))
    centres = (edges[:-1] + edges[1:]) / 2
    below, above = np.cumsum(counts), counts.sum() - np.cumsum(counts)
    sums = np.cumsum(counts * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * np.square(sums / below - (sums[-1] - sums) / above)
    return float(edges[1:][np.nanargmax(between)]) if np.isfinite(between).any() else 0.0


def share_of_tissue(mask: Array, left: float, top: float, wide: float, high: float) -> float:
    """The share of tissue in a rectangle, all four numbers as shares of the whole slide, in [0, 1]."""
    height, width = mask.shape
    rows = slice(int(top * height), max(int(top * height) + 1, round((top + high) * height)))
    columns = slice(int(left * width), max(int(left * width) + 1, round((left + wide) * width)))
    return float(mask[rows, columns].mean())
