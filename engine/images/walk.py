"""Every image file below a folder, and everything there that could not be looked into, with the reason."""

from __future__ import annotations

import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from engine.images.read import EXTENSIONS

SECOND_WAY = "This link leads to a folder that is read already, or back to one that holds it; it is not followed."


@dataclass(frozen=True)
class FoundFile:
    path: str  # relative to the folder, forward slashes
    bytes: int
    modified: int  # nanoseconds since 1970, UTC


@dataclass
class Listing:
    """What lies below a folder."""

    files: list[FoundFile] = field(default_factory=list)  # by path
    bad: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)
    ignored: Counter[str] = field(default_factory=Counter)  # extension → files of a type that is not read


def list_images(folder: Path) -> Listing:
    """Walk a folder and what its links lead to; hidden files and folders are left out.

    Each folder is read once: a link to one that was read already (a second way in) or to one that holds this folder (a
    loop) is listed as bad and not followed. Real folders come before links, so that an image is found under its own
    path rather than a link's.
    """
    listing = Listing()
    seen = {_identity(parent) for parent in folder.resolve().parents}
    waiting, links = [PurePosixPath()], list[PurePosixPath]()
    while waiting or links:
        relative = waiting.pop() if waiting else links.pop(0)
        try:
            key = _identity(folder / relative)
            if key in seen:
                listing.bad.append((str(relative), SECOND_WAY))
                continue
            seen.add(key)
            _read_folder(folder, relative, listing, waiting, links)
        except OSError as error:
            listing.bad.append((str(relative), f"The folder cannot be opened ({error.strerror})."))
    listing.files.sort(key=lambda file: file.path.split("/"))
    listing.bad.sort()
    return listing


def _read_folder(
    folder: Path, relative: PurePosixPath, listing: Listing, waiting: list[PurePosixPath], links: list[PurePosixPath]
) -> None:
    """Sort the entries of one folder into files, trouble, and folders still to be read."""
    with os.scandir(folder / relative) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = relative / entry.name
            if entry.name.startswith("."):
                continue
            if not _is_unicode(entry.name):
                name = os.fsencode(str(path)).decode("utf-8", "replace")
                listing.bad.append((name, "The name is not valid Unicode. Rename it, then rescan."))
                continue
            try:
                about = entry.stat()
            except OSError as error:
                listing.bad.append((str(path), f"The link or file leads nowhere ({error.strerror})."))
                continue
            if stat.S_ISDIR(about.st_mode):
                (links if entry.is_symlink() else waiting).append(path)
            elif path.suffix.lower() not in EXTENSIONS:
                listing.ignored[path.suffix.lower()] += 1
            elif not stat.S_ISREG(about.st_mode):
                listing.bad.append((str(path), "It is a pipe or a device, not a file."))
            else:
                listing.files.append(FoundFile(str(path), about.st_size, about.st_mtime_ns))


def _identity(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_dev, about.st_ino


def _is_unicode(name: str) -> bool:
    """Whether a name can be stored; a file system may hold any bytes, which Python carries as lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
