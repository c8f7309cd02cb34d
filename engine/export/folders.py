"""Folders: a folder for each class, holding copies of its images or links to them, as most training code expects.

labels.csv beside the class folders tells each label's origin; export.json lists what was written, so that a later
export may replace exactly that.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from engine import files
from engine.errors import ExportError
from engine.export.base import EXPORTS, Material
from engine.export.csv_file import as_csv
from engine.export.names import file_names, folder_names
from engine.settings import setting
from engine.types import Progress

ABOUT = "export.json"
TABLE = "labels.csv"
MARK = "handful folders 1"


@EXPORTS.register("folders")
class FoldersExport:
    @dataclass(frozen=True)
    class Config:
        links: bool = setting(False, "link to the images instead of copying them; takes no space, breaks if they move")

    card: ClassVar[dict[str, Any]] = {"writes": "folder", "suffix": ""}

    def __init__(self, config: Config) -> None:
        self.config = config

    def write(self, material: Material, out: Path, progress: Progress) -> None:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
        try:
            partial.chmod(0o755)  # mkdtemp makes private folders; an export is meant to be shared
            self._fill(material, partial, progress)
            _replace(out, partial)
        finally:
            shutil.rmtree(partial, ignore_errors=True)  # gone already, unless something failed

    def recognises(self, out: Path) -> bool:
        try:
            about = files.read_object(out / ABOUT, "format", "files")
        except (OSError, ValueError):
            return False
        if about["format"] != MARK:
            return False
        return {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()} <= set(about["files"])

    def _fill(self, material: Material, folder: Path, progress: Progress) -> None:
        frame = material.frame
        place = _places(material)
        for name in sorted({path.rpartition("/")[0] for path in place}):
            (folder / name).mkdir()
        for done, (path, target) in enumerate(zip(frame["path"], place, strict=True), start=1):
            self._put(material.project.image_path(path), folder / target)
            progress(done, len(frame))
        files.write_text(folder / TABLE, as_csv(material))
        files.write_json(folder / ABOUT, {"format": MARK, "links": self.config.links, "files": [*place, TABLE, ABOUT]})

    def _put(self, image: Path, target: Path) -> None:
        try:
            if self.config.links:
                target.symlink_to(image)
            else:
                shutil.copy2(image, target)
        except FileNotFoundError:
            raise ExportError(f"{image} has gone since the last scan. Rescan the project, then export again.") from None


def _places(material: Material) -> list[str]:
    """Where each image goes [N], as class folder/file name."""
    frame = material.frame
    folders = folder_names(sorted(frame["class"].unique()), taken=(ABOUT, TABLE))
    place: dict[str, str] = {}
    for name, members in frame.groupby("class", sort=True):
        names = file_names(list(members["path"]), list(members["id"]))
        place |= {one: f"{folders[str(name)]}/{own}" for one, own in zip(members["id"], names, strict=True)}
    return [place[one] for one in frame["id"]]


def _replace(out: Path, fresh: Path) -> None:
    """Put the fresh folder in the place of what lies there; that goes only once the fresh one stands."""
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.")) / "old"
    out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old.parent)
