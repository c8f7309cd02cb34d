"""Export the labels of a project: collect them, see that the target may be written, let the format write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.errors import ExportError
from engine.export.base import COLUMNS, EXPORTS, Exporter, Material
from engine.home import said
from engine.images.table import ImageTable, read_table
from engine.labels.events import ACCEPTED
from engine.labels.store import LabelStore
from engine.project import Project
from engine.settings import build
from engine.types import UNKNOWN, Progress, silent


@dataclass(frozen=True)
class ExportReport:
    """What was written."""

    format: str
    path: Path
    images: int
    by_hand: int  # of these, labelled by a person
    accepted: int  # of these, pseudo-labels that a person accepted
    classes: dict[str, int]  # class → images
    missing: int  # labelled images left out because their files are gone or damaged

    @property
    def sentence(self) -> str:
        lost = f" {self.missing:,} labelled images are left out: their files are gone." if self.missing else ""
        return (
            f"{self.images:,} images written to {said(self.path)}: "
            f"{self.by_hand:,} labelled by hand, {self.accepted:,} accepted.{lost}"
        )


def export(
    project: Project,
    format: str,
    out: Path,
    *,
    links: bool = False,
    hand_only: bool = False,
    progress: Progress = silent,
) -> ExportReport:
    """Write every label that holds now, with who gave it, when and how.

    Args:
        format: a name in EXPORTS.
        out: the file or folder to write. An earlier export of the format is replaced; nothing else is.
        links: for folders, link to the images instead of copying them.
        hand_only: leave out accepted pseudo-labels.

    Raises:
        UnknownName: no such format, or links for a format that writes one file.
        NoImages: the project has not been scanned.
        ExportError: there is no label, or the target must not or cannot be written.
    """
    part = EXPORTS[format]
    exporter: Exporter = part(build(part.Config, {"links": True} if links else {}))
    frame, missing = collect(read_table(project), LabelStore(project), hand_only)
    if frame.empty:
        raise ExportError("There is no label to export yet. Label some images first.")
    out = out.expanduser().resolve()
    try:
        _check_target(project, exporter, out)
        exporter.write(Material(project, frame), out, progress)
    except OSError as error:
        raise ExportError(f"Cannot write {out} ({error.strerror or error}). Choose another place.") from error
    accepted = int((frame["how"] == ACCEPTED).sum())
    counts = {str(name): int(count) for name, count in frame["class"].value_counts(sort=False).items()}
    return ExportReport(format, out, len(frame), len(frame) - accepted, accepted, counts, missing)


def collect(table: ImageTable, store: LabelStore, hand_only: bool = False) -> tuple[pd.DataFrame, int]:
    """The labels that hold now, in the order of the image table.

    Returns:
        A row a labelled image with COLUMNS; how many labelled images have no usable file.
    """
    labels = store.current().rename(columns={"image": "id"})
    if hand_only:
        labels = labels[labels["how"] != ACCEPTED]
    rows = pd.Index(table.ids).get_indexer(pd.Index(labels["id"]))
    found = labels[rows != UNKNOWN].assign(row=rows[rows != UNKNOWN]).sort_values("row")
    places = found["row"].to_numpy()
    promises = store.promises()
    promise = [
        promises.get(one, "") if how == ACCEPTED else "" for one, how in zip(found["id"], found["how"], strict=True)
    ]
    found = found.assign(path=table.paths[places], content=table.contents[places], promise=promise)
    return found[list(COLUMNS)].reset_index(drop=True), int((rows == UNKNOWN).sum())


def _check_target(project: Project, exporter: Exporter, out: Path) -> None:
    """See that nothing is lost by writing there."""
    if out == project.images or project.images in out.parents:
        raise ExportError(f"{out} lies inside the images folder, which is never written to. Choose another place.")
    inside = out == project.root or project.root in out.parents
    if inside and project.exports_folder not in out.parents:
        raise ExportError(f"{out} lies among the project's own files. Choose a place in {project.exports_folder}.")
    if not out.exists():
        return
    if exporter.card["writes"] == "file":
        if out.is_dir():
            raise ExportError(
                f"{out} is a folder. Give a file in it, such as {out / 'labels'}{exporter.card['suffix']}."
            )
    elif not out.is_dir():
        raise ExportError(f"{out} is a file. Give a folder.")
    elif not any(out.iterdir()):
        return
    if not exporter.recognises(out):
        raise ExportError(f"{out} holds something else than an earlier export of this kind. Choose another name.")
