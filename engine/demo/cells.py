"""Nuclei: what makes tissue legible. Shape, chromatin, rim, nucleolus and the pale halo of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.demo.noise import Shape, smooth_noise
from engine.types import Floats, Indices

_BATCH = 256  # nuclei stamped at once: their patches stay in the processor's cache
_DARKEST = 1.25  # optical density of haematoxylin that overlapping nuclei approach


@dataclass(frozen=True)
class NucleusKind:
    """A cell type, as its nucleus shows it. Lengths in pixels at 20x, dye in optical density."""

    long: float  # half the length
    short: float  # half the breadth
    spread: float  # relative deviation of size from cell to cell
    darkness: float  # haematoxylin inside
    vesicular: float  # 0 evenly dark … 1 pale inside with a dark rim
    chromatin: float  # contrast of the clumps inside
    halo: float  # how pale the ring around it is, 0 … 1
    wobble: float = 0.05  # how far the outline strays from an ellipse
    bend: float = 0.0  # curvature of long nuclei
    nucleoli: float = 0.0  # share of cells with a nucleolus


@dataclass(frozen=True)
class Nuclei:
    """Many nuclei, one number of each kind apiece [M]."""

    row: Floats
    column: Floats
    long: Floats
    short: Floats
    angle: Floats  # radians from the column axis, of the long side
    darkness: Floats
    vesicular: Floats
    chromatin: Floats
    halo: Floats
    wobble: Floats
    phase: Floats  # radians; where the outline bulges
    bend: Floats
    nucleolus: Floats  # its strength, 0 for none

    def __len__(self) -> int:
        return len(self.row)

    def __getitem__(self, rows: Indices | slice) -> Nuclei:
        return Nuclei(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})


def grow(points: Floats, angles: Floats | None, kind: NucleusKind, rng: np.random.Generator) -> Nuclei:
    """Nuclei of one kind at points [M 2] (row, column), turned by angles [M] in radians, at random if None."""
    count = len(points)

    def vary(mean: float, deviation: float) -> Floats:
        return (mean * np.exp(deviation * rng.standard_normal(count))).astype(np.float32)

    turned = rng.uniform(0, np.pi, count) if angles is None else angles
    size = vary(1, kind.spread)
    return Nuclei(
        row=points[:, 0],
        column=points[:, 1],
        long=kind.long * size * vary(1, 0.08),
        short=kind.short * size * vary(1, 0.08),
        angle=turned.astype(np.float32),
        darkness=vary(kind.darkness, 0.12),
        vesicular=np.clip(vary(kind.vesicular, 0.3), 0, 1),
        chromatin=vary(kind.chromatin, 0.2),
        halo=vary(kind.halo, 0.3),
        wobble=vary(kind.wobble, 0.4),
        phase=rng.uniform(0, 2 * np.pi, count).astype(np.float32),
        bend=(kind.bend * rng.standard_normal(count)).astype(np.float32),
        nucleolus=((rng.random(count) < kind.nucleoli) * vary(0.5, 0.3)).astype(np.float32),
    )


def join(groups: Sequence[Nuclei]) -> Nuclei:
    """All nuclei of several groups, in order."""
    return Nuclei(
        **{column.name: np.concatenate([getattr(group, column.name) for group in groups]) for column in fields(Nuclei)}
    )


@dataclass(frozen=True)
class Stamped:
    """What the nuclei of a sheet amount to."""

    haematoxylin: Floats  # [H W], optical density
    cover: Floats  # [H W], 1 inside a nucleus, 0 outside
    halo: Floats  # [H W], how strongly the dye around is thinned, ≥ 0


def stamp(nuclei: Nuclei, shape: Shape, rng: np.random.Generator) -> Stamped:
    """Draw nuclei on an empty sheet of this shape; where two overlap the dye adds up, as in a thick section."""
    longest = float(nuclei.long.max(initial=1) * 1.25)
    reach = int(np.ceil(longest + 3))
    margin = 2 * reach  # a nucleus may lie outside by its own reach
    padded = (shape[0] + 2 * margin, shape[1] + 2 * margin)
    sheets = np.zeros((3, padded[0] * padded[1]), dtype=np.float32)
    clumps = smooth_noise(padded, 2.2, rng).ravel()
    inside = (np.abs(nuclei.row - shape[0] / 2) < shape[0] / 2 + reach) & (
        np.abs(nuclei.column - shape[1] / 2) < shape[1] / 2 + reach
    )
    for batch in _batches(nuclei[np.flatnonzero(inside)]):
        pixels, down, right = _patches(batch, int(np.ceil(float(batch.long.max()) * 1.25 + 3)), margin, padded[1])
        dye, cover, halo = _profile(batch, down, right, clumps[pixels])
        for sheet, values in zip(sheets, (dye, cover, halo), strict=True):
            np.add.at(sheet, pixels.ravel(), values.ravel())
    dye, cover, halo = (sheet.reshape(padded)[margin:-margin, margin:-margin] for sheet in sheets)
    return Stamped(_DARKEST * np.tanh(dye / _DARKEST), np.minimum(cover, 1), halo)


def _batches(nuclei: Nuclei) -> Iterator[Nuclei]:
    """Batches of nuclei of similar size, the smallest first: a patch is as large as its batch needs."""
    order = np.argsort(nuclei.long, kind="stable")
    for start in range(0, len(order), _BATCH):
        yield nuclei[order[start : start + _BATCH]]


def _patches(nuclei: Nuclei, reach: int, margin: int, width: int) -> tuple[Indices, Floats, Floats]:
    """Flat pixel numbers [M P P] of the patch around each nucleus, and their offsets from its centre in pixels."""
    offsets = np.arange(-reach, reach + 1)
    top, left = np.rint(nuclei.row).astype(np.int64), np.rint(nuclei.column).astype(np.int64)
    rows = top[:, None] + offsets + margin
    columns = left[:, None] + offsets + margin
    down = (top - nuclei.row)[:, None, None] + offsets[:, None]
    right = (left - nuclei.column)[:, None, None] + offsets[None, :]
    return rows[:, :, None] * width + columns[:, None, :], down.astype(np.float32), right.astype(np.float32)


def _profile(nuclei: Nuclei, down: Floats, right: Floats, clumps: Floats) -> tuple[Floats, Floats, Floats]:
    """Dye, cover and halo [M P P] of each nucleus over its patch."""

    def each(values: Floats) -> Floats:
        return values[:, None, None]

    cosine, sine = each(np.cos(nuclei.angle)), each(np.sin(nuclei.angle))
    along = right * cosine + down * sine
    across = down * cosine - right * sine + each(nuclei.bend) * along * along
    x, y = along / each(nuclei.long), across / each(nuclei.short)
    radius = np.sqrt(x * x + y * y) + 1e-6
    bulge = (x * x - y * y) * each(np.cos(nuclei.phase)) + x * y * (1 + x) * each(np.sin(nuclei.phase))
    radius = radius * (1 + each(nuclei.wobble) * bulge / (radius * radius))
    depth = (1 - radius) * each(np.sqrt(nuclei.long * nuclei.short))  # pixels inside the outline, about
    cover = np.clip(0.75 * depth + 0.5, 0, 1)
    rim = np.exp(-np.square((depth - 0.9) / 0.9))
    vesicular = each(nuclei.vesicular)
    body = (1 - vesicular) + vesicular * (0.5 + 0.55 * rim)
    spot = (
        np.square(x - 0.2 * each(np.cos(nuclei.phase))) * each(nuclei.long) ** 2
        + np.square(y - 0.2 * each(np.sin(nuclei.phase))) * each(nuclei.short) ** 2
    )
    dots = each(nuclei.nucleolus) * np.exp(-spot / 1.6)
    dye = each(nuclei.darkness) * cover * np.maximum(body * (1 + each(nuclei.chromatin) * clumps) + dots, 0.15)
    halo = each(nuclei.halo) * np.exp(-np.square((depth + 1.6) / 1.1)) * (1 - cover)
    return dye.astype(np.float32), cover.astype(np.float32), halo.astype(np.float32)
