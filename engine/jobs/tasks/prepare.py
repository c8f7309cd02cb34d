"""Read the images folder again and make the thumbnails that are missing."""

from __future__ import annotations

from engine.images.prepare import prepare
from engine.jobs.context import Context


def run(context: Context) -> None:
    """Raises Stopped where the run was asked to stop."""
    context.report.begin("Reading the images")
    found = prepare(context.project, context.report.progress)
    context.report.tell(images=found.images, added=found.added, missing=found.missing, bad=len(found.bad))
