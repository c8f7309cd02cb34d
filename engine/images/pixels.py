"""One image file → its square in the pixel cache. What the cache's processes run; without pandas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import UnreadableImage
from engine.images.inspect import hash_bytes
from engine.images.read import decode
from engine.images.shrink import square

SHARPNESS = 2  # a JPEG may be decoded smaller as long as this many of its pixels fall on each one of the cache's


@dataclass(frozen=True)
class Slot:
    """Where one picture belongs."""

    image: Path
    content: str  # hash of the bytes that the scan saw
    pixels: Path  # the cache's file, long enough already
    row: int
    size: int  # side in pixels


def fill(slot: Slot) -> str:
    """Decode a picture and write its square; returns what went wrong, “” if nothing did."""
    try:
        data = slot.image.read_bytes()
    except OSError as error:
        return f"The file cannot be opened ({error.strerror})."
    if hash_bytes(data) != slot.content:
        return "The file has changed since the last scan."
    try:
        decoded = decode(data, slot.image.suffix, shorter_side=SHARPNESS * slot.size)
    except UnreadableImage as error:
        return str(error)
    with slot.pixels.open("r+b") as file:
        file.seek(slot.row * slot.size * slot.size * 3)
        file.write(square(decoded.image, slot.size).tobytes())
    return ""


def crashed(slot: Slot) -> str:
    return "Decoding it crashed."
