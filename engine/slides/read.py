"""One slide through OpenSlide: what it says of itself, and its pixels at any scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.errors import ExtraMissing, UnreadableSlide
from engine.types import Pixels

EXTENSIONS = (".svs", ".tif", ".tiff", ".ndpi", ".scn", ".mrxs", ".vms", ".vmu", ".bif", ".svslide", ".dcm", ".czi")
PLAUSIBLE = (0.02, 50.0)  # µm per pixel of microscopes; files that do not know theirs often say a centimetre
LARGEST = 250_000_000  # pixels of a level that is read whole, for an overview
FINE_ENOUGH = 1.01  # how much coarser than wanted a stored level may be: one part in a hundred is no difference


@dataclass(frozen=True)
class SlideInfo:
    """What a slide says of itself."""

    width: int  # pixels of the finest level
    height: int
    levels: int
    mpp: float | None  # µm per pixel of the finest level; None where the file does not say
    objective: float | None  # magnification it was scanned at
    vendor: str
    identity: str = ""  # equal for files of one slide, such as those of a DICOM series; "" where OpenSlide says none


def slide_info(path: Path) -> SlideInfo:
    """Read a slide's size and scale.

    Raises:
        ExtraMissing: OpenSlide is not installed.
        UnreadableSlide: no slide that OpenSlide reads.
    """
    slide = _open(path)
    told = slide.properties
    x, y = (_number(told.get(f"openslide.mpp-{axis}"), *PLAUSIBLE) for axis in "xy")
    width, height = slide.dimensions
    return SlideInfo(
        width=width,
        height=height,
        levels=slide.level_count,
        mpp=(x + y) / 2 if x and y else None,
        objective=_number(told.get("openslide.objective-power")),
        vendor=str(told.get("openslide.vendor", "")),
        identity=str(told.get("openslide.quickhash-1", "")),
    )


def overview(path: Path, side: int) -> Pixels:
    """The whole slide [H W 3], its longer side at most `side` pixels, glass in white.

    Raises:
        UnreadableSlide: the file is damaged, or holds no level small enough to be read whole.
    """
    slide = _open(path)
    level = slide.get_best_level_for_downsample(max(slide.dimensions) / side)
    width, height = slide.level_dimensions[level]
    if width * height > LARGEST:
        raise UnreadableSlide(
            f"{path.name} holds no small picture of itself: {width:,} x {height:,} pixels would have to be read at "
            "once. Save it as a pyramid, for example from QuPath or with vips."
        )
    try:
        return np.asarray(slide.get_thumbnail((side, side)).convert("RGB"))
    except _openslide().OpenSlideError as error:
        raise _damaged(path, error) from error


def read_region(path: Path, x: float, y: float, downsample: float, size: int) -> tuple[Image.Image, int]:
    """A square of a slide, and the level that it was read from.

    Args:
        path: of the slide.
        x: left edge, in pixels of the finest level; what lies outside the slide is white.
        y: upper edge.
        downsample: pixels of the finest level for each pixel wanted, ≥ 1.
        size: side in pixels wanted.

    Raises:
        UnreadableSlide: the file is damaged there.
    """
    slide = _open(path)
    level = slide.get_best_level_for_downsample(downsample * FINE_ENOUGH)
    stored = round(size * downsample / slide.level_downsamples[level])
    try:
        region = slide.read_region((round(x), round(y)), level, (stored, stored))
    except _openslide().OpenSlideError as error:
        _open.cache_clear()  # OpenSlide gives nothing more from a slide once it has failed
        raise _damaged(path, error) from error
    image = Image.new("RGB", region.size, "white")
    image.paste(region, mask=region.getchannel("A"))
    return image.resize((size, size), Image.Resampling.BOX) if stored != size else image, level


def check_openslide() -> None:
    """Raise where slides cannot be read here.

    Raises:
        ExtraMissing: OpenSlide is not installed.
    """
    _openslide()


@lru_cache(maxsize=4)
def _open(path: Path) -> Any:
    """The slide, kept open: opening one costs as much as reading tens of tiles."""
    openslide = _openslide()
    try:
        return openslide.OpenSlide(path)
    except FileNotFoundError:
        raise UnreadableSlide(f"There is no slide {path}.") from None
    except openslide.OpenSlideUnsupportedFormatError:
        raise UnreadableSlide(
            f"{path.name} is no whole-slide image that OpenSlide reads (a flat picture belongs in a folder of images)."
        ) from None
    except openslide.OpenSlideError as error:
        raise _damaged(path, error) from error


def _openslide() -> Any:
    try:
        import openslide
    except ImportError:
        raise ExtraMissing(
            "Reading slides needs OpenSlide. Install it with: pip install openslide-python openslide-bin"
        ) from None
    return openslide


def _damaged(path: Path, error: Exception) -> UnreadableSlide:
    return UnreadableSlide(f"{path.name} cannot be read as a slide ({error}). Export or copy it again.")


def _number(text: str | None, lowest: float = 1.0, highest: float = 1000.0) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if lowest <= value <= highest else None
