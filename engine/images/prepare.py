"""What makes a project ready for work: what `init`, the dashboard's first screen and a rescan call."""

from __future__ import annotations

from engine.images.scan import ScanReport, scan
from engine.images.table import read_table
from engine.images.thumbnails import build_thumbnails
from engine.project import Project
from engine.types import Progress, silent


def prepare(project: Project, progress: Progress = silent) -> ScanReport:
    """Scan the images folder; every usable image has its thumbnail afterwards.

    Raises:
        PathNotAllowed, TableUnreadable, PatternInvalid: as `scan`.
    """
    report = scan(project, progress)
    if report.images:
        build_thumbnails(project, read_table(project), progress)
    return report
