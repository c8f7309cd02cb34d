"""One project folder: the only code that builds a path in it.

    project.json  images.parquet  labels.sqlite  cache/  thumbs/  runs/  embeddings/  propagations/  audits/  exports/
    linked/    selections that stand in an address
    tables/    tables about the images that were uploaded
    tiles/  tiles.csv  slides.json  slides/    where the images are tiles that Handful cut from slides

The images stay where they are and are never written to. Copy the folder and the project moves with it.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine import files
from engine.errors import PathNotAllowed, ProjectExists, ProjectMissing, SettingInvalid

FORMAT = 1  # raised when an older engine could not read the folder


@dataclass(frozen=True)
class ColumnSettings:
    """Where the columns of the image table come from, beside what a scan measures."""

    pattern: str = ""  # template or regular expression with named groups, for the relative path; "" for none
    csv: str = ""  # CSV or Parquet file with a path column, joined by path; "" for none
    reader: str = "auto"  # name of a built-in reader of file names, "auto" for the one that fits best, "none"
    folders: bool = True  # whether folder levels become the columns folder_1, folder_2, …
    csv_columns: tuple[str, ...] = ()  # columns of the CSV that are taken; all where empty


@dataclass(frozen=True)
class Project:
    """Paths and settings of one project; a value, cheap to make, holding nothing open."""

    root: Path
    name: str
    images: Path  # the folder of images, absolute
    columns: ColumnSettings
    created: str  # ISO 8601, UTC

    @property
    def about_path(self) -> Path:
        return self.root / "project.json"

    @property
    def table_path(self) -> Path:
        return self.root / "images.parquet"

    @property
    def labels_path(self) -> Path:
        return self.root / "labels.sqlite"

    @property
    def priors_path(self) -> Path:
        return self.root / "priors.json"

    @property
    def guide_path(self) -> Path:
        """Where it is kept how far somebody has come with the guided first run."""
        return self.root / "guide.json"

    @property
    def tiles_folder(self) -> Path:
        """Where tiles lie that were cut from slides; the project's images, where it is over_tiles."""
        return self.root / "tiles"

    @property
    def tiles_path(self) -> Path:
        return self.root / "tiles.csv"

    @property
    def slides_path(self) -> Path:
        return self.root / "slides.json"

    @property
    def over_tiles(self) -> bool:
        """Whether the images are tiles that were cut into the project itself."""
        return self.images == self.tiles_folder

    @property
    def thumbnails_folder(self) -> Path:
        return self.root / "thumbs"

    @property
    def runs_folder(self) -> Path:
        return self.root / "runs"

    @property
    def embeddings_folder(self) -> Path:
        return self.root / "embeddings"

    @property
    def propagations_folder(self) -> Path:
        return self.root / "propagations"

    @property
    def audits_folder(self) -> Path:
        return self.root / "audits"

    @property
    def selections_folder(self) -> Path:
        return self.root / "selections"

    @property
    def benches_folder(self) -> Path:
        return self.root / "benches"

    @property
    def linked_folder(self) -> Path:
        """Where selections lie that stand in an address."""
        return self.root / "linked"

    @property
    def exports_folder(self) -> Path:
        return self.root / "exports"

    def image_path(self, relative: str) -> Path:
        return self.images / relative

    def thumbnail_path(self, content: str) -> Path:
        """Where the thumbnail of an image with this content hash lies."""
        return self.thumbnails_folder / content[:2] / f"{content}.webp"

    def overview_path(self, slide: str) -> Path:
        """Where the picture of a whole slide lies, whatever letters its name has."""
        return self.root / "slides" / f"{files.fingerprint(slide)}.webp"

    def cache_folder(self, size: int) -> Path:
        return self.root / "cache" / f"size-{size:04d}"

    def run_folder(self, run: str) -> Path:
        return self.runs_folder / plain_name(run)

    def embedding_folder(self, embedding: str) -> Path:
        return self.embeddings_folder / plain_name(embedding)

    def embedding_about_path(self, embedding: str) -> Path:
        """What tells how an embedding was made; written last, so that there is none without it."""
        return self.embedding_folder(embedding) / "about.json"

    def neighbours_path(self, embedding: str) -> Path:
        """Where the neighbours lie that were found in an embedding."""
        return self.embedding_folder(embedding) / "neighbours.npz"

    def map_folder(self, embedding: str, map_name: str) -> Path:
        return self.embedding_folder(embedding) / "maps" / plain_name(map_name)

    def scores_path(self, embedding: str, key: str) -> Path:
        """Where the scores of an embedding under one protocol lie; they go when the embedding does."""
        return self.embedding_folder(embedding) / "scores" / f"{key}.json"

    def given_table_path(self, name: str) -> Path:
        """Where a table about the images lies that was given to the project itself."""
        return self.root / "tables" / plain_name(name)

    def bench_folder(self, bench: str) -> Path:
        return self.benches_folder / plain_name(bench)

    def audit_path(self, audit: str) -> Path:
        return self.audits_folder / f"{plain_name(audit)}.json"

    def selection_path(self, name: str) -> Path:
        """Where the selection of this name lies, whatever letters it has."""
        return self.selections_folder / f"{files.fingerprint(name)}.json"

    def propagation_folder(self, propagation: str) -> Path:
        return self.propagations_folder / plain_name(propagation)


def create_project(root: Path, images: Path, *, name: str = "", columns: ColumnSettings | None = None) -> Project:
    """Make a project folder that points at a folder of images; reads no image yet.

    Raises:
        ProjectExists: the folder holds a project already.
        PathNotAllowed: the images folder is missing, or the project would lie inside it.
    """
    root, images = root.expanduser().resolve(), images.expanduser().resolve()
    if not images.is_dir():
        raise PathNotAllowed(f"There is no folder {images}. Give the folder that holds the images.")
    if root == images or images in root.parents:
        raise PathNotAllowed(
            f"The project folder {root} lies inside the images folder {images}, which Handful never writes to. "
            "Choose a project folder outside it."
        )
    if (root / "project.json").exists():
        raise ProjectExists(f"{root} already holds a project. Open it, or choose another folder.")
    created = datetime.now(UTC).isoformat(timespec="seconds")
    project = Project(root, name or images.name, images, columns or ColumnSettings(), created)
    try:
        _save(project)
    except OSError as error:
        raise PathNotAllowed(f"Cannot write to {root} ({error.strerror}). Choose another project folder.") from error
    return project


def open_project(root: Path) -> Project:
    """The project in a folder.

    Raises:
        ProjectMissing: no project there, or its project.json is damaged or of a newer format.
    """
    root = root.expanduser().resolve()
    path = root / "project.json"
    try:
        about = files.read_object(path, "format")
    except FileNotFoundError:
        raise ProjectMissing(
            f"There is no project in {root}. Open another, or make one there: init {root} --images FOLDER"
        ) from None
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from error
    if about["format"] != FORMAT:
        raise ProjectMissing(f"{path} is of format {about['format']}; this Handful reads {FORMAT}. Update Handful.")
    try:
        images = (root / about["images"]).resolve()  # relative where they lie beside the project, so both can move
        columns = ColumnSettings(**about["columns"])
        columns = replace(columns, csv_columns=tuple(columns.csv_columns))
        if columns.csv:
            columns = replace(columns, csv=str(root / columns.csv))
        return Project(root, about["name"], images, columns, about["created"])
    except (KeyError, TypeError) as error:
        raise _damaged(path, error) from error


def change_columns(project: Project, columns: ColumnSettings) -> Project:
    """The same project with other column settings, saved; the next scan applies them."""
    changed = replace(project, columns=columns)
    _save(changed)
    return changed


def move_images(project: Project, images: Path) -> Project:
    """The same project pointing at the folder the images have moved to, saved.

    Raises:
        PathNotAllowed: the new folder is missing.
    """
    images = images.expanduser().resolve()
    if not images.is_dir():
        raise PathNotAllowed(f"There is no folder {images}. Give the folder that holds the images.")
    changed = replace(project, images=images)
    _save(changed)
    return changed


def plain_name(name: str) -> str:
    """The name itself, if it can be a folder's.

    Raises:
        SettingInvalid: it is empty, starts with a dot, or holds a slash, a control or a reserved character.
    """
    if (
        not name
        or name.startswith(".")
        or len(name) > 120
        or any(letter in '/\\:*?"<>|' or letter < " " for letter in name)
    ):
        raise SettingInvalid(f"“{name}” cannot be a name here. Use letters, digits, “-” and “_”.")
    return name


def _damaged(path: Path, error: Exception) -> ProjectMissing:
    return ProjectMissing(f"{path} cannot be read ({error}). Restore it from a copy of the project.")


def _save(project: Project) -> None:
    files.write_json(
        project.about_path,
        {
            "format": FORMAT,
            "name": project.name,
            "images": _portable(project.images, project.root),
            "columns": asdict(replace(project.columns, csv=_own(project.columns.csv, project.root))),
            "created": project.created,
        },
    )


def _portable(images: Path, root: Path) -> str:
    """Relative where the images lie in the project's parent folder, else absolute."""
    return os.path.relpath(images, root) if root.parent in images.parents else str(images)


def _own(csv: str, root: Path) -> str:
    """Relative where the table is the project's own, so that it is found in a copy; else as it is."""
    path = Path(csv)
    return path.relative_to(root).as_posix() if csv and path.is_relative_to(root) else csv
