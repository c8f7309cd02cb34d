"""init, demo, scan, tile: a project and what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import Json, ProjectFolder, Seed, Settings, parse_settings
from engine.cli.output import progress_bar, show
from engine.demo import demo_project
from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.preview import preview
from engine.images.scan import ScanReport
from engine.images.table import read_table
from engine.project import ColumnSettings, Project, change_columns, create_project, move_images, open_project
from engine.settings import build
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project


def add_commands(app: typer.Typer) -> None:
    for command in (init, demo, scan, tile):
        app.command()(command)


def init(
    folder: ProjectFolder,
    images: Annotated[Path, typer.Option("--images", help="Folder of images; never written to.", show_default=False)],
    columns: Annotated[str, typer.Option("--columns", help="CSV or Parquet with a path column, joined by path.")] = "",
    pattern: Annotated[
        str, typer.Option("--pattern", help="Regular expression whose named groups become columns.")
    ] = "",
    reader: Annotated[str, typer.Option("--reader", help="Built-in reader of file names, auto or none.")] = "auto",
    name: Annotated[str, typer.Option("--name", help="Name to show; the images folder's where left out.")] = "",
    as_json: Json = False,
) -> None:
    """Make a project over a folder of images and scan it."""
    csv = str(Path(columns).resolve()) if columns else ""
    wished = ColumnSettings(pattern=pattern, csv=csv, reader=reader)
    preview(images, wished)  # what is wrong with them is said before there is a project
    _scan(create_project(folder, images, name=name, columns=wished), as_json)


def demo(
    folder: ProjectFolder,
    images_count: Annotated[int, typer.Option("--images-count", min=12, help="How many images to draw.")] = 600,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Make a project over synthetic tissue, drawn here."""
    with progress_bar("Drawing the demo tissue") as progress:
        project = demo_project(folder, count=images_count, seed=seed, progress=progress)
    remember_project(project.root)
    images = len(read_table(project))
    text = f"{images} images drawn. The project is {project.root}."
    show({"project": project.root, "images": images}, as_json, text)


def scan(
    folder: ProjectFolder,
    images: Annotated[Path | None, typer.Option("--images", help="The folder that the images have moved to.")] = None,
    columns: Annotated[str, typer.Option("--columns", help="Join another CSV or Parquet from now on.")] = "",
    pattern: Annotated[str, typer.Option("--pattern", help="Use another regular expression from now on.")] = "",
    as_json: Json = False,
) -> None:
    """Read the folder of images again: new, changed, moved and missing files."""
    project = open_project(folder)
    if images is not None:
        project = move_images(project, images)
    if columns or pattern:
        csv = str(Path(columns).resolve()) if columns else project.columns.csv
        kept = project.columns
        changed = ColumnSettings(pattern or kept.pattern, csv, kept.reader, kept.folders)
        preview(project.images, changed)
        project = change_columns(project, changed)
    _scan(project, as_json)


def tile(
    folder: Annotated[Path, typer.Argument(help="Project folder; made where it is not there yet.", show_default=False)],
    slides: Annotated[Path, typer.Option("--slides", help="Folder of slides; never written to.", show_default=False)],
    settings: Settings,
    size: Annotated[int, typer.Option("--size", help="Side of a tile in pixels.")] = 256,
    magnifications: Annotated[str, typer.Option("--magnifications", help="Scales of each field, e.g. 20,10,5.")] = "20",
    mpps: Annotated[str, typer.Option("--mpps", help="Scales in µm per pixel, in place of magnifications.")] = "",
    as_json: Json = False,
) -> None:
    """Cut the tissue of whole-slide images into tiles and make a project over them."""
    asked = {"size": size, "magnifications": magnifications, "mpps": mpps, **parse_settings(settings)}
    with progress_bar(f"Cutting the slides in {slides}") as progress:
        project, report = tile_project(folder, slides, build(TileConfig, asked), progress)
    with progress_bar("Reading the tiles") as progress:
        prepare(project, progress)
    remember_project(project.root)
    lines = [f"{report.tiles:,} tiles of {report.fields:,} fields from {report.slides} slides in {project.root}."]
    lines += [f"  left out {name}: {reason}" for name, reason in report.left_out]
    show({"project": project.root, **vars(report)}, as_json, "\n".join(lines))


def _scan(project: Project, as_json: bool) -> None:
    with progress_bar(f"Reading {project.images}") as progress:
        report = prepare(project, progress)
    remember_project(project.root)
    show({"project": project.root, **vars(report)}, as_json, _sentence(report))


def _sentence(report: ScanReport) -> str:
    lines = [
        f"{report.images} images: {report.added} new, {report.changed} changed, {report.moved} moved, "
        f"{report.missing} missing; {len(report.bad)} files cannot be used."
    ]
    lines += [f"  {path}: {reason}" for path, reason in report.bad[:20]]
    if len(report.bad) > 20:
        lines.append(f"  … and {len(report.bad) - 20} more (--json lists all)")
    return "\n".join(lines)
