"""Addresses of our own HTTP routes: what the components fetch and `routes.py` answers.

`v` in an address changes with what is behind it, so that the browser may keep every answer for good.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

from engine import home
from engine.errors import ProjectMissing
from engine.project import Project, open_project

ROOT = "/handful"


def project_key(project: Project) -> str:
    """16 hex digits that stand for the project folder in an address, so that no address holds a path."""
    return _key(project.root)


def find_project(key: str) -> Project:
    """The recent project with this key.

    Raises:
        ProjectMissing: no recent project has it.
    """
    for root in home.recent_projects():
        if _key(root) == key:
            return open_project(root)
    raise ProjectMissing("This project is not among the recent ones. Open it on the Project screen, then try again.")


def thumb_url(project: Project, content: str) -> str:
    """The thumbnail of a content hash."""
    return f"{ROOT}/thumb/{project_key(project)}/{quote(content)}.webp"


def image_url(project: Project, image: str) -> str:
    """One image by its id, at native resolution."""
    return f"{ROOT}/image/{project_key(project)}/{quote(image)}"


def points_url(project: Project, embedding: str, name: str, version: str) -> str:
    """A map's points, float32 [N 2] in the order of the table; `version` changes when they do."""
    return f"{ROOT}/points/{project_key(project)}/{quote(embedding)}/{quote(name)}?v={quote(version)}"


def contents_url(project: Project, version: str) -> str:
    """The content hashes of a table, uint8 [N 16]; `version` is the table's fingerprint."""
    return f"{ROOT}/contents/{project_key(project)}?v={quote(version)}"


def cards_url(project: Project, version: str) -> str:
    """What the table says of one image, as JSON; the browser puts the row in the place of ROW."""
    return f"{ROOT}/card/{project_key(project)}/ROW?v={quote(version)}"


def about_url(project: Project, version: str, embedding: str) -> str:
    """An image's label and its nearest in an embedding, as JSON; the browser puts the row in the place of ROW."""
    asked = f"&embedding={quote(embedding, safe='')}" if embedding else ""
    return f"{ROOT}/about/{project_key(project)}/ROW?v={quote(version)}{asked}"


def slide_url(project: Project, slide: str, version: str) -> str:
    """The overview of a slide; `version` is the table's fingerprint."""
    return f"{ROOT}/slide/{project_key(project)}/{quote(slide, safe='')}.webp?v={quote(version)}"


def tiles_url(project: Project, slide: str, version: str) -> str:
    """Where the tiles of a slide lie, float32 [M 6]; `version` is the table's fingerprint."""
    return f"{ROOT}/tiles/{project_key(project)}/{quote(slide, safe='')}?v={quote(version)}"


def version_url(project: Project) -> str:
    """The version of the project's labels and of its job at work, as JSON."""
    return f"{ROOT}/version/{project_key(project)}"


def _key(root: Path) -> str:
    return hashlib.blake2b(str(root).encode(), digest_size=8).hexdigest()
