"""One slide looked at as a whole: what it says of itself, its overview, where on it tissue lies.

This file loads without pandas: helper processes, which a broken slide may take down, start with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from engine.errors import UnreadableSlide
from engine.slides.read import SlideInfo, overview, slide_info
from engine.slides.tissue import tissue_mask
from engine.types import Array, Pixels

OVERVIEW = 2048  # longer side in pixels of an overview, at which tissue is looked for
QUALITY = 80  # of its WebP
TINT = (122, 92, 192)  # haematoxylin violet, which tissue is washed with
WASH, EDGE = 0.2, 0.9  # how much of it lies on tissue and on its outline


@dataclass(frozen=True, eq=False)
class SlideLook:
    """What was seen of one file."""

    path: Path
    info: SlideInfo | None = None  # None where it is no slide that can be read
    picture: bytes = b""  # the overview as WebP
    tissue: bytes = b""  # a bit for each of its pixels
    shape: tuple[int, int] = (0, 0)  # rows and columns of the overview
    reason: str = ""  # why it cannot be read

    @property
    def mask(self) -> Array:
        """Which pixels of the overview are tissue, bool [H W]."""
        bits = np.frombuffer(self.tissue, np.uint8)
        mask: Array = np.unpackbits(bits, count=self.shape[0] * self.shape[1]).reshape(self.shape).astype(bool)
        return mask


def look(path: Path) -> SlideLook:
    """Look at one slide; a damaged one is told of by its reason.

    Raises:
        ExtraMissing: OpenSlide is not installed.
    """
    try:
        info = slide_info(path)
        picture = overview(path, OVERVIEW)
    except UnreadableSlide as error:
        return SlideLook(path, reason=str(error))
    mask = tissue_mask(picture)
    return SlideLook(path, info, _webp(picture), np.packbits(mask).tobytes(), (mask.shape[0], mask.shape[1]))


def crashed(path: Path) -> SlideLook:
    """What is said of a slide whose process died over it."""
    return SlideLook(path, reason=f"The reader crashed on {path.name}. Export or copy the slide again.")


def tissue_picture(seen: SlideLook, side: int) -> bytes:
    """The overview as WebP, its longer side at most `side` pixels, tissue washed in violet and outlined."""
    picture = Image.open(io.BytesIO(seen.picture)).convert("RGB")
    picture.thumbnail((side, side), Image.Resampling.BOX)
    mask = np.asarray(Image.fromarray(seen.mask).resize(picture.size, Image.Resampling.NEAREST))
    outline = mask & ~ndimage.binary_erosion(mask, border_value=1)
    share = np.where(outline, EDGE, np.where(mask, WASH, 0.0))[..., None]
    washed = np.asarray(picture) * (1 - share) + np.asarray(TINT) * share
    return _webp(washed.round().astype(np.uint8))


def _webp(picture: Pixels) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(picture).save(encoded, "WEBP", quality=QUALITY, method=2)
    return encoded.getvalue()
