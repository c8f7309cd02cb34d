"""Pictures made small: thumbnails for people, squares for networks."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

from PIL import Image

THUMBNAIL = 192  # pixels of a thumbnail's longer side, at most
LOSSLESS = 64  # pictures up to this many pixels are kept as they are: compression would show, and saves little


def write_thumbnail(path: Path, image: Image.Image) -> None:
    """Write an RGB picture as WebP of at most THUMBNAIL pixels, unless the file exists. Small ones keep their size."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    temporary.write_bytes(thumbnail(image))
    temporary.replace(path)  # without fsync, 10 times faster; a torn file after a power cut is seen and made again


def thumbnail(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS, reducing_gap=3.0)
    file = io.BytesIO()
    small.save(file, "WEBP", lossless=max(small.size) <= LOSSLESS, quality=82, method=0)
    return file.getvalue()


def square(image: Image.Image, size: int) -> Image.Image:
    """The middle square of a picture, [size size]: shorter side to `size`, the longer side's ends cut off."""
    side = min(image.size)
    left, top = (image.width - side) / 2, (image.height - side) / 2
    box = (left, top, left + side, top + side)
    return image.resize((size, size), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
