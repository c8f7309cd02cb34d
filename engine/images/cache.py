"""Every image decoded once, as a square of uint8 pixels in one file that the operating system pages in as needed.

    cache/size-0064/  pixels-1.bin [M S S 3]  contents-1.npy [M]  about.json      (1 is the version of the reading)

Filed by content: moved files and exact duplicates cost nothing, new ones are added at the end. The pixels are on
the disk before the list of contents that counts them, so a process killed at any moment leaves whole images only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock

import engine
from engine import files
from engine.errors import EmbeddingStale, UnreadableImage
from engine.images.parallel import run_parallel
from engine.images.pixels import Slot, crashed, fill
from engine.images.read import READING
from engine.images.table import ImageTable
from engine.project import Project
from engine.types import UNKNOWN, Indices, Pixels, Progress, silent

IMAGES_AT_ONCE = 4096  # after so many images the list of contents is written: what a kill can cost


@dataclass(frozen=True, eq=False)
class PixelCache:
    """The pixels of a table's images at one size, memory-mapped, read-only."""

    pixels: Pixels  # memmap [M S S 3]: M different contents
    rows: Indices  # [N] where in `pixels` each image of the table lies

    @property
    def size(self) -> int:
        """Side S in pixels."""
        return int(self.pixels.shape[1])

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, indices: Indices) -> Pixels:
        """The pixels [B S S 3] of the table's images at `indices` [B], copied into memory."""
        return np.asarray(self.pixels)[self.rows[indices]]


def build_cache(project: Project, table: ImageTable, size: int, progress: Progress = silent) -> PixelCache:
    """Decode what the cache does not hold yet, in parallel, and open it.

    Args:
        size: side S in pixels; the shorter side is brought to S and the longer one cut to its middle.
        progress: counts different images, those that the cache held before too.

    Raises:
        UnreadableImage: a file is gone, or is not as it was at the last scan.
    """
    store = _Store(project.cache_folder(size), size)
    store.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(store.folder / "lock"):  # a second process waits, then finds the work done
        held = store.read_contents()
        known = set(held)
        path_of = dict(zip(table.contents, table.paths, strict=True))  # one path for each content
        new = [content for content in path_of if content not in known]
        before = len(path_of) - len(new)
        for start in range(0, len(new), IMAGES_AT_ONCE):
            chunk = new[start : start + IMAGES_AT_ONCE]
            paths = [project.image_path(path_of[content]) for content in chunk]
            store.add(paths, chunk, held, _part(progress, before + start, len(path_of)))
            held = [*held, *chunk]
        progress(len(path_of), len(path_of))
    return open_cache(project, table, size)


def open_cache(project: Project, table: ImageTable, size: int) -> PixelCache:
    """The cache as it is on the disk.

    Raises:
        EmbeddingStale: it was never built at this size, or images have come since.
    """
    store = _Store(project.cache_folder(size), size)
    held = store.read_contents()
    place = {content: row for row, content in enumerate(held)}
    rows = np.fromiter((place.get(content, UNKNOWN) for content in table.contents), np.int64, len(table))
    if absent := int((rows == UNKNOWN).sum()):
        raise EmbeddingStale(
            f"The pixels of {absent:,} of {len(table):,} images are not prepared at {size} px. "
            "Training and embedding prepare them; start one of these."
        )
    return PixelCache(np.memmap(store.pixels_path, np.uint8, "r", shape=(len(held), size, size, 3)), rows)


def _part(progress: Progress, before: int, total: int) -> Progress:
    """The Progress of one part of the work, told as that of the whole."""
    return lambda done, _: progress(before + done, total)


@dataclass(frozen=True)
class _Store:
    """The files of one cache."""

    folder: Path
    size: int

    @property
    def pixels_path(self) -> Path:
        return self.folder / f"pixels-{READING}.bin"

    @property
    def contents_path(self) -> Path:
        return self.folder / f"contents-{READING}.npy"

    @property
    def image_bytes(self) -> int:
        return self.size * self.size * 3

    def read_contents(self) -> list[str]:
        """Content hashes [M] in the order of the pixels; none where either file is missing, damaged or short."""
        if not self.contents_path.exists() or not self.pixels_path.exists():
            return []
        try:
            contents = [content.decode() for content in np.load(self.contents_path, allow_pickle=False)]
        except (OSError, ValueError, EOFError):  # the pixels can be made again
            return []
        return contents if self.pixels_path.stat().st_size >= len(contents) * self.image_bytes else []

    def add(self, paths: Sequence[Path], contents: Sequence[str], held: Sequence[str], progress: Progress) -> None:
        """Write the pixels of new contents behind those that are held, then the list of both."""
        with self.pixels_path.open("ab") as file:
            file.truncate((len(held) + len(contents)) * self.image_bytes)
        slots = [
            Slot(path, content, self.pixels_path, row, self.size)
            for row, (path, content) in enumerate(zip(paths, contents, strict=True), start=len(held))
        ]
        for slot, trouble in zip(slots, run_parallel(fill, slots, crashed, progress), strict=True):
            if trouble:
                raise UnreadableImage(f"{slot.image} cannot be prepared for training: {trouble} Rescan the project.")
        with self.pixels_path.open("rb+") as file:
            os.fsync(file.fileno())
        made = {
            "size": self.size,
            "reading": READING,
            "images": len(held) + len(contents),
            "handful": engine.__version__,
        }
        files.write_array(self.contents_path, np.array([*held, *contents], dtype="S32"))
        files.write_json(self.folder / "about.json", made)
