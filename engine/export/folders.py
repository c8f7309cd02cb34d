"""Folders: a folder for each class, holding copies of its images or links to them, as most training code expects.

labels.csv beside the class folders tells each label's origin; export.json lists what was written, so that a later
export may replace exactly that.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from engine import files
from engine.errors import ExportError
from engine.export.base import EXPORTS, Material
from engine.export.csv_file import as_csv
from engine.export.names import file_names, folder_names
from engine.export.whole_folder import ABOUT, is_ours, write_folder
from engine.settings import setting
from engine.types import Progress

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
        write_folder(out, MARK, lambda folder: self._fill(material, folder, progress))

    def recognises(self, out: Path) -> bool:
        return is_ours(out, MARK)

    def _fill(self, material: Material, folder: Path, progress: Progress) -> list[str]:
        frame = material.frame
        place = _places(material)
        for name in sorted({path.rpartition("/")[0] for path in place}):
            (folder / name).mkdir()
        for done, (path, target) in enumerate(zip(frame["path"], place, strict=True), start=1):
            self._put(material.project.image_path(path), folder / target)
            progress(done, len(frame))
        files.write_text(folder / TABLE, as_csv(material))
        return [*place, TABLE]

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
