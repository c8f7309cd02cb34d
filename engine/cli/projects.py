"""init, demo, scan, names, tile: a project and what is in it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.options import Json, ProjectFolder, Seed, Settings, parse_settings
from engine.cli.output import progress_bar, show
from engine.demo import demo_project
from engine.home import remember_project
from engine.images.patterns import parse
from engine.images.prepare import prepare
from engine.images.preview import find_images, preview
from engine.images.propose import propose
from engine.images.scan import ScanReport
from engine.images.table import read_table
from engine.project import ColumnSettings, Project, change_columns, create_project, move_images, open_project
from engine.settings import build
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project

SHOWN = 10  # names listed on a terminal


def add_commands(app: typer.Typer) -> None:
    for command in (init, demo, scan, names, tile):
        app.command()(command)


def init(
    folder: ProjectFolder,
    images: Annotated[Path, typer.Option("--images", help="Folder of images; never written to.", show_default=False)],
    columns: Annotated[str, typer.Option("--columns", help="CSV or Parquet with a path column, joined by path.")] = "",
    pattern: Annotated[
        str,
        typer.Option(
            "--pattern", help="Names → columns, as in {patient}_{slide}; or a regular expression with named groups."
        ),
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
    columns: Annotated[str | None, typer.Option("--columns", help="Join this CSV or Parquet from now on.")] = None,
    take: Annotated[str | None, typer.Option("--take", help="Columns of it to take, as in stain,age.")] = None,
    pattern: Annotated[str | None, typer.Option("--pattern", help="Read names by this pattern from now on.")] = None,
    reader: Annotated[str | None, typer.Option("--reader", help="Built-in reader of names, auto or none.")] = None,
    as_json: Json = False,
) -> None:
    """Read the folder of images again: new, changed, moved and missing files; labels stay. '' takes a setting away."""
    project = open_project(folder)
    if images is not None:
        project = move_images(project, images)
    asked: dict[str, Any] = {
        "csv": columns and str(Path(columns).resolve()),
        "csv_columns": None if take is None else tuple(name.strip() for name in take.split(",") if name.strip()),
        "pattern": pattern,
        "reader": reader,
    }
    changed = replace(project.columns, **{name: value for name, value in asked.items() if value is not None})
    if changed != project.columns:
        preview(project.images, changed)
        project = change_columns(project, changed)
    _scan(project, as_json)


def names(
    folder: Annotated[Path, typer.Argument(help="Folder of images, or a project.", show_default=False)],
    pattern: Annotated[str, typer.Option("--pattern", help="Try this one in place of proposing some.")] = "",
    as_json: Json = False,
) -> None:
    """Say what the file names tell: patterns that they follow, or what a pattern of yours reads from them."""
    images = open_project(folder).images if (folder / "project.json").exists() else folder
    paths = find_images(images).paths
    if not pattern:
        found = propose(paths)
        lines = [f"{one.title}\n  {one.reason}" for one in found] or [
            "The names follow no pattern that tells anything."
        ]
        show([asdict(one) for one in found], as_json, "\n".join(lines))
        return
    read = parse(paths, pattern)
    rows = read.columns.assign(path=paths).drop(read.unmatched)
    unmatched = [paths[row] for row in read.unmatched]
    lines = [
        f"{len(rows):,} of {len(paths):,} names match.",
        rows.head(SHOWN).to_string(index=False) if len(rows) else "",
    ]
    lines += [f"  not read: {path}" for path in unmatched[:SHOWN]]
    answer = {"matched": len(rows), "unmatched": unmatched, "rows": json.loads(rows.to_json(orient="records"))}
    show(answer, as_json, "\n".join(filter(None, lines)))


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
