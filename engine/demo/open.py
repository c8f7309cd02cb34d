"""A project over demo images: drawn, scanned, ready."""

from __future__ import annotations

from pathlib import Path

from engine.demo.make import drawn_before, holds_demo, make_demo
from engine.errors import ProjectExists, ProjectMissing
from engine.home import projects_folder
from engine.images.prepare import prepare
from engine.project import Project, create_project, open_project
from engine.types import Progress, silent


def demo_project(root: Path, count: int = 600, seed: int = 0, progress: Progress = silent) -> Project:
    """A new project at `root` over freshly drawn images in root/material/images, scanned, with thumbnails.

    Images that an earlier attempt drew before it was interrupted are used again.

    Raises:
        ProjectExists: the folder holds a project already.
        SettingInvalid, PathNotAllowed: as make_demo.
    """
    root = root.expanduser().resolve()
    material = root / "material"
    if (root / "project.json").exists():
        raise ProjectExists(f"{root} already holds a project. Open it, or choose another folder for the demo.")
    if not drawn_before(material, count, seed):
        make_demo(material, count, seed, progress)
    project = create_project(root, material / "images", name="Demo tissue")
    prepare(project)
    return project


def is_demo(project: Project) -> bool:
    """Whether a project's images were drawn by make_demo."""
    return holds_demo(project.images.parent)


def open_demo(progress: Progress = silent) -> Project:
    """The demo project in the projects folder; draws it where there is none yet.

    Raises:
        ProjectExists: something else lies in its place.
        PathNotAllowed: the projects folder cannot be written to.
    """
    root = projects_folder() / "demo"
    try:
        return open_project(root)
    except ProjectMissing:
        return demo_project(root, progress=progress)
