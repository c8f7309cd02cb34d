"""Thumbnails: WebP of at most 192 px, filed by content, made by the scan and, where one is lost, again on demand."""

from __future__ import annotations

from engine.errors import UnreadableImage
from engine.images.inspect import Look, Seen, crashed, inspect
from engine.images.parallel import run_parallel
from engine.images.table import ImageTable, read_table
from engine.project import Project
from engine.types import Progress, silent


def build_thumbnails(project: Project, table: ImageTable, progress: Progress = silent) -> int:
    """Make the thumbnails that are not there; after a scan there are none to make. Returns how many were made."""
    first_path = dict(zip(reversed(table.contents), reversed(table.paths), strict=True))
    looks = [
        Look(project, path) for content, path in first_path.items() if not project.thumbnail_path(content).exists()
    ]
    seen = run_parallel(inspect, looks, crashed, progress)
    return sum(not one.reason for one in seen)


def read_thumbnail(project: Project, content: str) -> bytes:
    """The WebP bytes of the thumbnail of an image with this content, made now if it is missing or torn.

    Raises:
        UnreadableImage: no usable image has this content, or its file is gone or damaged.
    """
    path = project.thumbnail_path(content)
    thumbnail = path.read_bytes() if path.exists() else b""
    if _is_whole(thumbnail):
        return thumbnail
    path.unlink(missing_ok=True)
    seen = _make(project, content)
    if seen.reason or seen.content != content:
        reason = seen.reason or "The file has changed since the last scan."
        raise UnreadableImage(f"There is no thumbnail of image {content}: {reason} Rescan the project.")
    return path.read_bytes()


def _make(project: Project, content: str) -> Seen:
    table = read_table(project)
    rows = (table.contents == content).nonzero()[0]
    return (
        inspect(Look(project, table.paths[rows[0]])) if len(rows) else Seen(reason="No usable image has this content.")
    )


def _is_whole(webp: bytes) -> bool:
    """A power cut can leave a file of the right name with its end, or all of it, missing."""
    return webp[:4] == b"RIFF" and len(webp) == 8 + int.from_bytes(webp[4:8], "little")
