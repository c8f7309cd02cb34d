"""Write a folder whole or not at all, and know it again: its export.json lists every file that was written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from engine import files

ABOUT = "export.json"


def write_folder(out: Path, mark: str, fill: Callable[[Path], Sequence[str]]) -> None:
    """Fill a new folder and put it in the place of what lies at `out`.

    Args:
        out: does not exist, is empty, or is an earlier export that `is_ours` knows.
        mark: of the format, written into export.json.
        fill: writes into the folder that it is given; returns the paths in it, relative to it.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        partial.chmod(0o755)  # mkdtemp makes private folders; an export is meant to be shared
        files.write_json(partial / ABOUT, {"format": mark, "files": [*fill(partial), ABOUT]})
        _replace(out, partial)
    finally:
        shutil.rmtree(partial, ignore_errors=True)  # gone already, unless something failed


def is_ours(out: Path, mark: str) -> bool:
    """Whether a folder is an earlier export of this format and nothing else, so that it may be replaced."""
    try:
        about = files.read_object(out / ABOUT, "format", "files")
    except (OSError, ValueError):
        return False
    if about["format"] != mark:
        return False
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()} <= set(about["files"])


def _replace(out: Path, fresh: Path) -> None:
    """Put the fresh folder in the place of what lies there; that goes only once the fresh one stands."""
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.")) / "old"
    out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old.parent)
