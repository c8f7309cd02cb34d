"""What this machine remembers beside the projects: recent projects, browsable folders, device locks, troubles."""

from __future__ import annotations

import itertools
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from engine import files
from engine.errors import PathNotAllowed, ProjectMissing
from engine.project import open_project

REMEMBERED = 12  # recent projects kept
# names of folders that tell nothing
PLAIN_NAMES = ("data", "files", "images", "imgs", "patches", "pictures", "slides", "tiles")


def home_folder() -> Path:
    """$HANDFUL_HOME, or .handful in the user's home folder."""
    return Path(os.environ.get("HANDFUL_HOME", "~/.handful")).expanduser()


def weights_folder() -> Path:
    """Where pretrained weights lie, put there by the user or downloaded when asked."""
    return home_folder() / "weights"


def device_lock_path(device: str) -> Path:
    """The lock that the one process training on a device holds, machine-wide."""
    return home_folder() / f"device-{device.replace(':', '-')}.lock"


def recent_projects() -> list[Path]:
    """Project folders opened before, newest first; those that are gone are left out."""
    try:
        paths = [Path(path) for path in files.read_json(home_folder() / "recent.json")]
    except (OSError, json.JSONDecodeError, TypeError):  # a lost list of recent projects is no loss of work
        return []
    return [path for path in paths if (path / "project.json").exists()]


def remember_project(root: Path) -> None:
    """Put a project at the head of the recent ones."""
    others = [str(path) for path in recent_projects() if path != root]
    files.write_json(home_folder() / "recent.json", [str(root), *others][:REMEMBERED])


def note_trouble(text: str) -> Path:
    """Append what went wrong, with the time, to troubles.log, and say where that lies."""
    path = home_folder() / "troubles.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{text}\n")
    return path


def allowed_roots() -> list[Path]:
    """Folders that may be browsed: $HANDFUL_ROOTS (separated like PATH), else the home, working and media folders."""
    if listed := os.environ.get("HANDFUL_ROOTS"):
        return [Path(part).expanduser().resolve() for part in listed.split(os.pathsep) if part]
    usual = [Path.home(), Path.cwd(), Path("/media"), Path("/mnt"), Path("/data")]
    return list(dict.fromkeys(path.resolve() for path in usual if path.is_dir()))


def allowed_path(path: Path) -> Path:
    """The path, resolved, if it lies in an allowed root.

    Raises:
        PathNotAllowed: it lies outside all of them, or is no path at all.
    """
    try:
        resolved = path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # unknown ~user, a loop of links, a null character
        raise PathNotAllowed(f"{path} is no path on this machine ({error}). Give another.") from error
    roots = allowed_roots()
    if not any(resolved == root or root in resolved.parents for root in roots):
        listed = ", ".join(map(str, roots))
        raise PathNotAllowed(
            f"{resolved} lies outside the folders that may be opened here ({listed}). "
            "Start Handful with HANDFUL_ROOTS=FOLDER to allow another."
        )
    return resolved


def said(path: Path) -> str:
    """The path as people write it, with ~ for the user's home folder; allowed_path reads it again."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def existing_folder(path: Path) -> Path:
    """The path, resolved, if it is a folder in an allowed root.

    Raises:
        PathNotAllowed: it lies outside the allowed roots, or no folder is there.
    """
    folder = allowed_path(path)
    if not folder.is_dir():
        found = "is a file, not a folder" if folder.exists() else "does not exist"
        raise PathNotAllowed(f"{folder} {found}. Check the path, or choose another folder.")
    return folder


def subfolders(path: Path) -> list[Path]:
    """The visible folders in an allowed folder, by name; what may not be read is left out.

    Raises:
        PathNotAllowed: the folder lies outside the allowed roots or cannot be listed.
    """
    folder = existing_folder(path)
    try:
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError as error:
        raise PathNotAllowed(f"{folder} cannot be listed ({error.strerror}). Choose another folder.") from error
    return sorted((entry for entry in entries if entry.is_dir()), key=lambda entry: entry.name.lower())


def parent_folder(path: Path) -> Path | None:
    """The folder above, or None where that lies outside the allowed roots."""
    return None if path.resolve() in allowed_roots() else path.resolve().parent


def projects_folder() -> Path:
    """Where projects go unless the user says otherwise: $HANDFUL_PROJECTS, or Handful in the user's home folder."""
    return Path(os.environ.get("HANDFUL_PROJECTS", "~/Handful")).expanduser()


def project_name_for(images: Path) -> str:
    """A name for the project over these images: their folder's, or that of the folder above “images” and its like."""
    images = images.expanduser().resolve()
    plain = images.name.lower() in PLAIN_NAMES and images.parent.name
    return images.parent.name if plain else images.name


def project_folder_for(images: Path) -> Path:
    """The folder of the project over these images: the one that is there, or a new name in the projects folder."""
    images = images.expanduser().resolve()
    name = project_name_for(images)
    for number in itertools.count(1):
        folder = projects_folder() / (name if number == 1 else f"{name}-{number}")
        try:
            if open_project(folder).images == images:
                return folder
        except ProjectMissing:
            if not folder.exists():
                return folder
    raise AssertionError("count() does not end")
