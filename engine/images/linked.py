"""Selections that fit an address: a few images by their ids, many under the key of a small file in the project.

A selection is a set of image ids, so it means the same after a rescan. Its file holds them as six bytes each and is
named by their hash: the same images have the same address, and no selection is written twice. Named selections are
kept for good; these, like the addresses they stand in, only until KEPT others have been used since.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from engine import files
from engine.errors import UnknownImage
from engine.project import Project

FEW = 16  # images that are named in the address itself
KEPT = 1000  # files; those used last
WIDTH = 12  # hex digits of an id
IDS = re.compile(rf"[0-9a-f]{{{WIDTH}}}(\.[0-9a-f]{{{WIDTH}}})*")
KEY = re.compile(r"k[0-9a-f]{16}")


def link_selection(project: Project, images: Sequence[str]) -> str:
    """A text of letters, digits and dots that stands for these images in an address; "" for none."""
    chosen = sorted(set(images))
    if len(chosen) <= FEW:
        return ".".join(chosen)
    packed = bytes.fromhex("".join(chosen))
    key = f"k{hashlib.blake2b(packed, digest_size=8).hexdigest()}"
    path = project.linked_folder / key
    if path.exists():
        path.touch()
    else:
        files.write_bytes(path, packed)
        _forget_the_oldest(project)
    return key


def linked_selection(project: Project, text: str) -> list[str]:
    """The images that a text stands for, by id; whether they are still there is not asked.

    Raises:
        UnknownImage: it is no such text, or its file is not in this project or no longer kept.
    """
    if IDS.fullmatch(text):
        return text.split(".")
    try:
        path = project.linked_folder / (text if KEY.fullmatch(text) else "")  # else the folder, which cannot be read
        packed = path.read_bytes()
        path.touch()
    except OSError as error:
        raise UnknownImage("The selection in the address is not kept in this project, or no longer.") from error
    digits = packed.hex()
    return [digits[start : start + WIDTH] for start in range(0, len(digits), WIDTH)]


def _forget_the_oldest(project: Project) -> None:
    kept = sorted(project.linked_folder.glob("k*"), key=lambda path: path.stat().st_mtime_ns)
    for path in kept[:-KEPT]:
        path.unlink(missing_ok=True)
