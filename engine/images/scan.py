"""Folder → images.parquet: what is new, changed, moved, gone or damaged since the last scan.

Files whose size and time of change are as they were are not opened. All others are hashed, decoded once (which finds
the truncated ones) and drawn as a thumbnail, in parallel. Ids never change: a file keeps its id when it moves (same
content, another path) and when it is edited (same path, another content); a missing one gets it back when it returns.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from engine.errors import PathNotAllowed
from engine.images.identity import identify, new_id
from engine.images.inspect import Look, Seen, crashed, inspect
from engine.images.join import join_columns
from engine.images.names import read_names
from engine.images.parallel import run_parallel
from engine.images.table import TYPES, Row, read_rows, write_rows
from engine.images.walk import FoundFile, Listing, list_images
from engine.project import Project
from engine.types import Progress, silent


@dataclass(frozen=True)
class ScanReport:
    """What a scan found, against the scan before it."""

    images: int  # usable now
    added: int  # new, or back again
    changed: int  # same path, another content
    moved: int  # same content, another path
    missing: int  # seen by an earlier scan, not there now; their labels wait for them
    unchanged: int
    bad: list[tuple[str, str]]  # (path, reason) of files, links and folders that cannot be used
    seconds: float
    unmatched: list[str] = field(default_factory=list)  # paths in the columns' CSV that name no image
    ignored: dict[str, int] = field(default_factory=dict)  # extension → files of a type that is not read


def scan(project: Project, progress: Progress = silent) -> ScanReport:
    """Bring images.parquet up to date with the folder of images.

    Raises:
        PathNotAllowed: the folder is gone; nothing is marked missing, as it may be a disk that is not plugged in.
        TableUnreadable: images.parquet or the columns' CSV is damaged.
        PatternInvalid: the columns' pattern is no regular expression with named groups.
    """
    begun = time.monotonic()
    if not project.images.is_dir():
        raise PathNotAllowed(
            f"There is no folder {project.images}. Plug in its disk, or say where the images are now: "
            f"scan {project.root} --images FOLDER"
        )
    before = [Row(*row) for row in read_rows(project)[list(Row._fields)].itertuples(index=False)]
    listing = list_images(project.images)
    seen = _look(project, listing.files, before, progress)
    after, changes = _continue_rows(listing, seen, before)
    frame = pd.DataFrame(after, columns=list(Row._fields)).astype(TYPES)
    frame, unmatched = _add_metadata(frame, project)
    write_rows(project, frame)
    return ScanReport(
        images=sum(row.state == "ok" for row in after),
        added=changes["added"],
        changed=changes["changed"],
        moved=changes["moved"],
        missing=sum(row.state == "missing" for row in after),
        unchanged=changes["unchanged"],
        bad=[(row.path, row.reason) for row in after if row.state == "bad"],
        seconds=time.monotonic() - begun,
        unmatched=unmatched,
        ignored=dict(listing.ignored.most_common()),
    )


def _look(project: Project, files: Sequence[FoundFile], before: Sequence[Row], progress: Progress) -> list[Seen]:
    """What is in each file [N]; opens only those that are new, touched or damaged."""
    untouched = {(row.path, row.bytes, row.modified): row for row in before if row.state != "bad"}
    by_content = {row.content: row for row in before if row.content}
    same_name: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in by_content.values():
        same_name[_file_name(row.path), row.bytes].add(row.content)
    looks = [
        Look(project, file.path, frozenset(same_name[_file_name(file.path), file.bytes]))
        for file in files
        if (file.path, file.bytes, file.modified) not in untouched
    ]
    opened = dict(zip([look.path for look in looks], run_parallel(inspect, looks, crashed, progress), strict=True))

    def result(file: FoundFile) -> Seen:
        if file.path not in opened:
            return _as_seen(untouched[file.path, file.bytes, file.modified])
        seen = opened[file.path]
        return _as_seen(by_content[seen.content]) if seen.content and not seen.width else seen

    return [result(file) for file in files]


def _as_seen(row: Row) -> Seen:
    return Seen(row.content, row.width, row.height, row.mode)


def _continue_rows(listing: Listing, seen: Sequence[Seen], before: Sequence[Row]) -> tuple[list[Row], Counter[str]]:
    """All rows after the scan, in order of first sight, and how many files were added, changed, moved, unchanged."""
    files = [*listing.files, *(FoundFile(path, 0, 0) for path, _ in listing.bad)]
    found = [*seen, *(Seen(reason=reason) for _, reason in listing.bad)]
    places = [(file.path, one.content) for file, one in zip(files, found, strict=True)]
    taken = {row.id for row in before}
    after: dict[str, Row | None] = dict.fromkeys(row.id for row in before)
    changes: Counter[str] = Counter()
    for file, one, old in zip(files, found, identify(places, before), strict=True):
        row = _row(old.id if old else new_id(file.path, one.content, taken), file, one, old)
        after[row.id] = row
        if row.state == "ok":
            changes[_change(old, row)] += 1
    for old in before:
        if after[old.id] is None and old.content:  # what never was usable and is gone leaves no trace
            after[old.id] = old._replace(state="missing", reason="")
    return [row for row in after.values() if row is not None], changes


def _row(id: str, file: FoundFile, seen: Seen, old: Row | None) -> Row:
    if not seen.reason:
        measures = (seen.content, seen.width, seen.height, file.bytes, seen.mode, file.modified)
        return Row(id, file.path, *measures, state="ok", reason="")
    if old is None:
        return Row(id, file.path, "", 0, 0, file.bytes, "", file.modified, "bad", seen.reason)
    return old._replace(path=file.path, bytes=file.bytes, modified=file.modified, state="bad", reason=seen.reason)


def _change(old: Row | None, new: Row) -> str:
    if old is None:
        return "added"
    if old.path != new.path:
        return "moved"
    if old.content and old.content != new.content:
        return "changed"
    return "unchanged" if old.state == "ok" else "added"


def _add_metadata(frame: pd.DataFrame, project: Project) -> tuple[pd.DataFrame, list[str]]:
    """The rows with the columns that names, folders, pattern and CSV give to the usable ones; unmatched CSV paths."""
    usable = frame.loc[frame["state"] == "ok", ["path"]]
    metadata = read_names(list(usable["path"]), project.columns).set_axis(usable.index)
    described = pd.concat([usable, metadata], axis=1)
    unmatched: list[str] = []
    if project.columns.csv:
        wanted = project.columns.csv_columns
        described, unmatched = join_columns(described, project.root / project.columns.csv, wanted)
    return frame.join(described.drop(columns="path")), unmatched


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]
