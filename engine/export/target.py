"""Where an export goes when nobody says otherwise."""

from __future__ import annotations

from pathlib import Path

from engine.export.base import EXPORTS
from engine.project import Project


def default_target(project: Project, format: str) -> Path:
    """The project's own place for an export of this format; a later one replaces it.

    Raises:
        UnknownName: no such format.
    """
    return project.exports_folder / f"labels{EXPORTS[format].card['suffix']}"
