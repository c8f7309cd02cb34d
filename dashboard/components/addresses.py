"""An image table as the browser knows it: how many images, which version, and where to fetch the rest."""

from __future__ import annotations

from typing import Any

from dashboard import links
from engine.errors import EmbeddingStale
from engine.images.table import ImageTable
from engine.project import Project


def addresses(project: Project, table: ImageTable) -> dict[str, Any]:
    """For a component's data; shared/cards.js reads it."""
    return {
        "count": len(table),
        "table": table.fingerprint,
        "contents": links.contents_url(project, table.fingerprint),
        "cards": links.cards_url(project, table.fingerprint),
        "thumbs": links.thumb_url(project, "CONTENT"),
    }


def check_table(table: ImageTable, version: str) -> None:
    """Make sure that an event speaks of this table: rows of another are other images.

    Raises:
        EmbeddingStale: the images have changed since.
    """
    if version != table.fingerprint:
        raise EmbeddingStale("The images have changed since then, so nothing was done. Please do it once more.")
