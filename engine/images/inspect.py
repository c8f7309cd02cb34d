"""One look at one file: hash it, decode it wholly, write its thumbnail. The scan's processes run this; no pandas."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from engine.errors import UnreadableImage
from engine.images.read import decode
from engine.images.shrink import THUMBNAIL, write_thumbnail
from engine.project import Project


@dataclass(frozen=True)
class Look:
    """A file to look at."""

    project: Project
    path: str  # relative to the images folder
    known: frozenset[str] = frozenset()  # contents that were decoded before and might be this file's


@dataclass(frozen=True)
class Seen:
    """What a look found; either a reason why the image is unusable, or its measures."""

    content: str = ""
    width: int = 0  # pixels, upright; 0 where the content was known, so that nothing was decoded
    height: int = 0
    mode: str = ""
    reason: str = ""


def inspect(look: Look) -> Seen:
    """Decode one file once, for its check, its measures and its thumbnail together; never raises for a bad file."""
    path = look.project.image_path(look.path)
    try:
        data = path.read_bytes()
    except OSError as error:
        return Seen(reason=f"The file cannot be opened ({error.strerror}).")
    content = hash_bytes(data)
    if content in look.known:
        return Seen(content)
    try:
        decoded = decode(data, path.suffix, shorter_side=THUMBNAIL)
    except UnreadableImage as error:
        return Seen(reason=str(error))
    write_thumbnail(look.project.thumbnail_path(content), decoded.image)
    return Seen(content, decoded.width, decoded.height, decoded.mode)


def crashed(look: Look) -> Seen:
    return Seen(reason="Decoding it crashed: it is damaged, or needs more memory than there is.")


def hash_bytes(data: bytes) -> str:
    """As `files.content_hash`, of bytes in memory."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
