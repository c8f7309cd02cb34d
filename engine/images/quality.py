"""Which images show next to nothing, are out of focus, or are there twice: from the thumbnails, before any label.

Blank: hardly any contrast. Blurred: far less sharp than the other images, by the variance of the Laplacian
(Pech-Pacheco et al., ICPR 2000), on the scale of its logarithm. Alike: equal or nearly equal difference hashes (of 64
brighter-or-darker comparisons of neighbouring pixels at most 3 differ). A thumbnail hides what only full size shows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.errors import UnreadableImage
from engine.images.table import ImageTable
from engine.images.thumbnails import read_thumbnail
from engine.project import Project
from engine.types import Array, Indices, Progress, silent

SIDE = 96  # pixels at which sharpness and contrast are judged
BLANK = 6.0  # standard deviation of the grey values, 0 to 127, below which nothing is shown
OUTLIER = 3.0  # interquartile ranges below the lower quartile
ALIKE = 3  # bits of 64 that may differ
CROWD = 200  # images that share a quarter of their hash, beyond which only equal hashes are compared


@dataclass(frozen=True)
class Quality:
    """What was found; rows of the table."""

    blank: Indices
    blurred: Indices
    alike: list[Indices]  # groups of at least two images, the largest first

    @property
    def repeats(self) -> int:
        """Images that are nearly another one over again, beyond the first of each group."""
        return sum(len(group) - 1 for group in self.alike)


def look_at_quality(project: Project, table: ImageTable, progress: Progress = silent) -> Quality:
    """Judge every image of a scanned project by its thumbnail, about a millisecond each."""
    measures = np.full((len(table), 2), np.nan)  # contrast, sharpness
    hashes = np.zeros(len(table), np.uint64)
    for row, content in enumerate(table.contents):
        if (grey := _grey(project, content)) is not None:
            measures[row] = grey.std(), sharpness(grey)
            hashes[row] = difference_hash(grey)
        if row % 64 == 0:
            progress(row, len(table))
    progress(len(table), len(table))
    seen = ~np.isnan(measures[:, 0])
    blank = seen & (measures[:, 0] < BLANK)
    clear = seen & ~blank
    return Quality(
        blank=np.flatnonzero(blank),
        blurred=np.flatnonzero(clear)[far_below(np.log(measures[clear, 1] + 1e-9))],
        alike=groups_alike(hashes, np.flatnonzero(clear)),
    )


def sharpness(grey: Array) -> float:
    """Variance of the Laplacian of a grey image [H W]."""
    inner = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(laplacian.var())


def difference_hash(grey: Array) -> np.uint64:
    """64 bits of a grey image [H W]: whether each of 8 x 8 places is brighter than the one to its right."""
    small = np.asarray(Image.fromarray(grey.astype(np.float32)).resize((9, 8), Image.Resampling.BOX))
    bits = (small[:, :-1] > small[:, 1:]).ravel()
    return np.packbits(bits).view(np.uint64)[0]  # type: ignore[no-any-return]


def far_below(values: Array) -> Array:
    """Which values [N] lie far below the usual ones."""
    if not len(values):
        return np.zeros(0, bool)
    low, high = np.quantile(values, [0.25, 0.75])
    below: Array = values < low - OUTLIER * max(high - low, 0.05)
    return below


def groups_alike(hashes: Array, rows: Indices) -> list[Indices]:
    """Groups of the rows whose hashes [N] differ in at most ALIKE bits, directly or by way of others.

    Two hashes that differ in 3 bits agree in one of their four quarters, so only those are compared.
    """
    leader = {int(row): int(row) for row in rows}

    def find(row: int) -> int:
        while leader[row] != row:
            row = leader[row] = leader[leader[row]]
        return row

    for shift in range(0, 64, 16):
        quarter = (hashes[rows] >> np.uint64(shift)) & np.uint64(0xFFFF)
        for bucket in _buckets(rows, quarter):
            for one, other in _near(hashes, bucket):
                leader[find(one)] = find(other)
    groups: dict[int, list[int]] = {}
    for row in map(int, rows):
        groups.setdefault(find(row), []).append(row)
    return sorted((np.array(group) for group in groups.values() if len(group) > 1), key=len, reverse=True)


def _buckets(rows: Indices, keys: Array) -> list[Indices]:
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    return [bucket for bucket in np.split(rows[order], cuts) if len(bucket) > 1]


def _near(hashes: Array, bucket: Indices) -> Sequence[tuple[int, int]]:
    """Pairs of a bucket's rows that are alike; of a crowd only neighbours in order, which finds the equal ones."""
    if len(bucket) > CROWD:
        ordered = bucket[np.argsort(hashes[bucket], kind="stable")]
        left, right = ordered[:-1], ordered[1:]
    else:
        first, second = np.triu_indices(len(bucket), 1)
        left, right = bucket[first], bucket[second]
    differing = np.unpackbits((hashes[left] ^ hashes[right]).view(np.uint8).reshape(-1, 8), axis=1).sum(axis=1)
    near = differing <= ALIKE
    return [(int(one), int(other)) for one, other in zip(left[near], right[near], strict=True)]


def _grey(project: Project, content: str) -> Array | None:
    """The thumbnail in grey [SIDE SIDE], float; None where there is none."""
    try:
        with Image.open(io.BytesIO(read_thumbnail(project, content))) as thumbnail:
            return np.asarray(thumbnail.convert("L").resize((SIDE, SIDE)), np.float64)
    except UnreadableImage:
        return None
