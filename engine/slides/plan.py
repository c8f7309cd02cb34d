"""Which tiles to cut from a slide: a grid of fields on the tissue, each at every scale that is asked for.

All scales of a field share its centre, so the same place can be looked at closely and from afar: the magnification
prior needs no more. Fields are laid out by the finest scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import SettingInvalid, SlideScaleUnknown
from engine.settings import setting
from engine.slides.read import SlideInfo
from engine.slides.tissue import shares_of_tissue
from engine.types import Array

NATURAL = 10.0  # µm per pixel times magnification, by which a slide without objective power is taken
HARDLY = 0.99  # how much finer than the slide a scale may be


@dataclass(frozen=True)
class TileConfig:
    """How slides are cut."""

    size: int = setting(256, "side of a tile", minimum=16, maximum=4096, unit="pixels")
    magnifications: str = setting("20", "scales of each field, with commas, such as 20,10,5; objective powers")
    mpps: str = setting("", "scales with commas, such as 0.5,1; in place of magnifications", unit="µm per pixel")
    stride: float = setting(
        1.0, "distance of two fields; 1: side by side, 0.5: half overlapping", minimum=0.1, unit="tiles"
    )
    tissue: float = setting(0.5, "least share of tissue of a field", minimum=0, maximum=1)
    slide_mpp: float = setting(
        0.0, "µm per pixel of slides that do not say it; 0: such slides are left out", minimum=0, maximum=100
    )
    quality: int = setting(92, "of the JPEG files", minimum=50, maximum=100, advanced=True)


@dataclass(frozen=True)
class Scale:
    """One of the scales asked for, on one slide."""

    name: str  # folder of its tiles, such as 20x or 0.5um
    downsample: float  # pixels of the finest level for each of the tile's
    magnification: float
    mpp: float | None  # µm per pixel of the tile; None where the slide does not say


@dataclass(frozen=True)
class Tile:
    """One square to cut; coordinates in pixels of the slide's finest level."""

    scale: Scale
    x: float  # centre
    y: float
    extent: float  # side

    @property
    def left(self) -> float:
        return self.x - self.extent / 2

    @property
    def top(self) -> float:
        return self.y - self.extent / 2


def scales_of(info: SlideInfo, config: TileConfig) -> list[Scale]:
    """The scales of a slide, finest first.

    Raises:
        SettingInvalid: what is asked for is no list of numbers, or is empty.
        SlideScaleUnknown: the slide says neither µm per pixel nor objective power, or holds none of the scales.
    """
    check_scales(config)
    mpp = info.mpp or config.slide_mpp or None
    found = [_by_mpp(one, mpp, info) for one in _numbers("mpps", config.mpps)]
    found = found or [_by_magnification(one, mpp, info) for one in _numbers("magnifications", config.magnifications)]
    held = [scale for scale in found if scale.downsample >= HARDLY]
    if not held:
        raise SlideScaleUnknown(
            f"The slide was scanned at {_said(info, mpp)}, coarser than every scale asked for. Ask for coarser ones."
        )
    return sorted(held, key=lambda scale: scale.downsample)


def check_scales(config: TileConfig) -> None:
    """Raise where no scale is asked for.

    Raises:
        SettingInvalid: what is asked for is no list of numbers, or is empty.
    """
    if not (_numbers("mpps", config.mpps) or _numbers("magnifications", config.magnifications)):
        raise SettingInvalid("No scale is asked for. Give “magnifications”, such as 20,10,5, or “mpps”, such as 0.5,1.")


def plan_tiles(info: SlideInfo, mask: Array, config: TileConfig) -> list[Tile]:
    """All tiles of a slide, field by field, row by row.

    Args:
        info: of the slide.
        mask: tissue of the whole slide, bool [H W] at any scale.
        config: how to cut.

    Raises:
        SettingInvalid, SlideScaleUnknown: as `scales_of`.
    """
    scales = scales_of(info, config)
    side = config.size * scales[0].downsample
    step = side * config.stride
    tops = step * np.arange(_count(info.height, side, step))
    lefts = step * np.arange(_count(info.width, side, step))
    shares = shares_of_tissue(
        mask, lefts / info.width, tops / info.height, wide=side / info.width, high=side / info.height
    )
    rows, columns = np.nonzero((shares >= config.tissue) & (shares > 0))
    return [
        Tile(scale, float(left + side / 2), float(top + side / 2), config.size * scale.downsample)
        for left, top in zip(lefts[columns], tops[rows], strict=True)
        for scale in scales
    ]


def _count(length: int, side: float, step: float) -> int:
    """Fields that fit whole into a length."""
    return int((length - side) / step + 1e-9) + 1 if length >= side else 0


def _by_magnification(wanted: float, mpp: float | None, info: SlideInfo) -> Scale:
    if info.objective:
        downsample = info.objective / wanted
    elif mpp:
        downsample = NATURAL / wanted / mpp
    else:
        raise _unknown()
    return Scale(f"{wanted:g}x", _at_least_one(downsample), wanted, mpp * downsample if mpp else None)


def _by_mpp(wanted: float, mpp: float | None, info: SlideInfo) -> Scale:
    if not mpp:
        raise _unknown()
    downsample = wanted / mpp
    return Scale(f"{wanted:g}um", _at_least_one(downsample), NATURAL / wanted, wanted)


def _at_least_one(downsample: float) -> float:
    """Hardly finer than the slide counts as the slide's own scale."""
    return max(1.0, downsample) if downsample >= HARDLY else downsample


def _unknown() -> SlideScaleUnknown:
    return SlideScaleUnknown(
        "The slide does not say its scale. If you know its µm per pixel, give it as slide_mpp (--set slide_mpp=0.25)."
    )


def _said(info: SlideInfo, mpp: float | None) -> str:
    told = [f"{info.objective:g}x"] if info.objective else []
    return " and ".join(told + ([f"{mpp:.3g} µm per pixel"] if mpp else []))


def _numbers(name: str, text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.replace("x", "").split(",") if part.strip()]
    except ValueError:
        numbers = [0.0]
    if any(number <= 0 for number in numbers):
        raise SettingInvalid(f"“{name}” are numbers above 0 with commas between, such as 20,10,5; “{text}” is not.")
    return numbers
