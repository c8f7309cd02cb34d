"""Names that every file system takes, and that stay distinct where it does not tell capitals from small letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)  # what Windows keeps for itself
_LONGEST = 80  # bytes; leaves room for a number and for the path before it


def folder_names(classes: Sequence[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A folder name for each class, safe and distinct from the others and from those `taken`."""
    used = {_key(name) for name in taken}
    names = {}
    for name in classes:
        names[name] = _first_free(safe_name(name), "", used)
        used.add(_key(names[name]))
    return names


def file_names(paths: Sequence[str], ids: Sequence[str]) -> list[str]:
    """A file name [N] for each image: its own, with its id added wherever two images have the same."""
    own = [PurePosixPath(path).name for path in paths]
    counts: dict[str, int] = {}
    for name in own:
        counts[_key(name)] = counts.get(_key(name), 0) + 1
    used = {_key(name) for name in own if counts[_key(name)] == 1}
    names = []
    for name, identifier in zip(own, ids, strict=True):
        if counts[_key(name)] == 1:
            names.append(name)
            continue
        path = PurePosixPath(name)
        names.append(_first_free(f"{path.stem}-{identifier}", path.suffix, used))
        used.add(_key(names[-1]))
    return names


def safe_name(name: str) -> str:
    """The name itself where it can be a folder's everywhere, else the nearest that can."""
    safe = _FORBIDDEN.sub("_", name).strip().rstrip(".").lstrip(".").strip()
    while len(safe.encode()) > _LONGEST:
        safe = safe[:-1].rstrip(" .")
    return f"{safe}_" if _DEVICES.match(safe) else safe or "class"


def _first_free(stem: str, suffix: str, used: set[str]) -> str:
    name, number = stem + suffix, 2
    while _key(name) in used:
        name, number = f"{stem}-{number}{suffix}", number + 1
    return name


def _key(name: str) -> str:
    """Equal for names that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()
