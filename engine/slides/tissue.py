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


def shares_of_tissue(mask: Array, lefts: Array, tops: Array, *, wide: float, high: float) -> Array:
    """The share of tissue in each of the rectangles of a grid.

    Args:
        mask: tissue of the whole slide, bool [H W] at any scale.
        lefts: left edges [C], as shares of the slide's width.
        tops: upper edges [R], as shares of its height.
        wide: their width, as a share of the slide's.
        high: their height, likewise.

    Returns:
        Shares [R C] in [0, 1]; a rectangle takes in one pixel of the mask at least.
    """
    sums = np.pad(mask.cumsum(0, dtype=np.int64).cumsum(1), ((1, 0), (1, 0)))  # of all pixels above and to the left
    above, below = _edges(tops, high, mask.shape[0])
    left, right = _edges(lefts, wide, mask.shape[1])
    inside = (sums[below][:, right] - sums[above][:, right]) - (sums[below][:, left] - sums[above][:, left])
    shares: Array = inside / ((below - above)[:, None] * (right - left)[None, :])
    return shares


def _edges(starts: Array, length: float, pixels: int) -> tuple[Array, Array]:
    """First pixel and the one after the last, from shares of a side."""
    first = np.minimum((starts * pixels).astype(np.int64), pixels - 1)
    last = np.maximum(first + 1, np.rint((starts + length) * pixels).astype(np.int64))
    return first, np.minimum(last, pixels)
