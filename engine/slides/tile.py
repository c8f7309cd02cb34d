"""A folder of slides → a project of their tiles. What was cut before is not cut again; other settings add to it.

tiles.csv holds, for each tile: path, slide, field, magnification, mpp, x and y of the centre and the side (`extent`) in
pixels of the slide's finest level. slides.json says of every file what it is, or why no tile came of it. slides/ holds
a picture of each whole slide, so that a copy of the project shows them where the slides themselves are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from engine import files
from engine.errors import NoImages, PathNotAllowed, SlideScaleUnknown
from engine.images.parallel import run_parallel
from engine.project import ColumnSettings, Project, create_project, open_project
from engine.slides.cut import Cut, crashed, cut
from engine.slides.look import SlideLook
from engine.slides.plan import Tile, TileConfig, check_scales, plan_tiles
from engine.slides.survey import nothing, slide_names, survey
from engine.types import Progress, silent

COLUMNS = ["path", "slide", "field", "magnification", "mpp", "x", "y", "extent"]
About = dict[str, dict[str, Any]]  # slide → what slides.json says of it


@dataclass(frozen=True)
class TilingReport:
    """What came of a folder of slides."""

    slides: int  # that gave tiles
    tiles: int
    fields: int
    left_out: list[tuple[str, str]] = field(default_factory=list)  # (file, reason)


def tile_project(
    root: Path, slides: Path, config: TileConfig, progress: Progress = silent
) -> tuple[Project, TilingReport]:
    """A project over the tiles of a folder of slides; not scanned yet. An existing one gets more tiles.

    Raises:
        PathNotAllowed, NoImages, SettingInvalid, ExtraMissing: as `tiling_project` and `tile_slides`.
    """
    check_scales(config)
    slide_names(slides.expanduser().resolve())  # what is wrong with the folder is said before there is a project
    project = tiling_project(root, name=slides.name)
    return project, tile_slides(project, slides.expanduser().resolve(), config, progress)


def tiling_project(root: Path, name: str) -> Project:
    """The project in a folder, if it is one over tiles; else a new one, without a tile yet.

    Raises:
        PathNotAllowed: the folder holds a project over other images.
    """
    root = root.expanduser().resolve()
    if (root / "project.json").exists():
        project = open_project(root)
        check_over_tiles(project)
        return project
    tiles = root / "tiles"
    tiles.mkdir(parents=True, exist_ok=True)
    columns = ColumnSettings(csv=str(root / "tiles.csv"), reader="none", folders=False)
    return create_project(root, tiles, name=name, columns=columns)


def check_over_tiles(project: Project) -> None:
    """Raise where the images are no tiles of the project's own.

    Raises:
        PathNotAllowed: the project is over other images.
    """
    if not project.over_tiles:
        raise PathNotAllowed(
            f"{project.root} holds a project over {project.images} already. Tile into a project folder of its own."
        )


def tile_slides(project: Project, slides: Path, config: TileConfig, progress: Progress = silent) -> TilingReport:
    """Cut all slides of a folder, also in folders inside, into a project over tiles.

    Args:
        project: where tiles/, tiles.csv, slides.json and slides/ go.
        slides: the folder; never written to.
        config: how to cut.
        progress: told the slides looked at, then the tiles cut.

    Raises:
        PathNotAllowed: no such folder, or none with a slide in it.
        NoImages: no tile came of any slide; the reasons are named.
        SettingInvalid: scales that are no numbers.
        ExtraMissing: OpenSlide is not installed.
    """
    check_scales(config)
    looks = survey(slide_names(slides), progress)
    plans, about = _plan(looks, read_slides(project), config)
    rows = [_row(name, one, config.size) for name, plan in plans.items() for one in plan]
    for name in plans:
        files.write_bytes(project.overview_path(name), looks[name].picture)
    _write(project, rows, about)  # before the first cut, so that whoever stops it can look at what there is
    cuts = [_cut(looks[row["slide"]].path, project.tiles_folder, row, config) for row in rows]
    reasons = run_parallel(cut, cuts, crashed, progress)
    for row, reason in zip(rows, reasons, strict=True):
        if reason:
            about[row["slide"]]["reason"] = reason
    if any(reasons):
        _write(project, [], about)
    report = _report([row for row, reason in zip(rows, reasons, strict=True) if not reason], about)
    if not report.tiles:
        listed = " ".join(f"{name}: {reason}" for name, reason in report.left_out[:3])
        raise NoImages(f"No tile came of the slides in {slides}. {listed}")
    return report


def read_slides(project: Project) -> About:
    """What is known of every slide that was ever tiled into a project, by name; none where that was lost."""
    try:
        about: About = files.read_object(project.slides_path)
    except (OSError, ValueError):
        return {}
    return about


def _plan(looks: Mapping[str, SlideLook], before: About, config: TileConfig) -> tuple[dict[str, list[Tile]], About]:
    """The tiles of each slide that gives some, and what is to be said of each."""
    plans: dict[str, list[Tile]] = {}
    about: About = {}
    for name, seen in looks.items():
        about[name] = {"path": str(seen.path), **(asdict(seen.info) if seen.info else {})}
        try:
            tiles = plan_tiles(seen.info, seen.mask, config) if seen.info else []
        except SlideScaleUnknown as error:
            about[name]["reason"] = str(error)
            continue
        if seen.info is None:
            about[name]["reason"] = seen.reason
        elif _is_another(about[name], before.get(name, {})):
            about[name]["reason"] = f"Another slide called {name} is in this project already. Rename one of the two."
        elif not tiles:
            about[name]["reason"] = nothing(seen.info, config)
        else:
            plans[name] = tiles
    return plans, about


def _is_another(slide: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether a slide is not the one that was tiled under its name; one that has only moved is the same still."""
    return any(before.get(key) and slide[key] != before[key] for key in ("width", "height", "identity"))


def _row(slide: str, tile: Tile, size: int) -> dict[str, Any]:
    x, y = round(tile.x), round(tile.y)
    return {
        "path": f"{slide}/{tile.scale.name}-{size}px/x{x}_y{y}.jpg",
        "slide": slide,
        "field": f"{slide}-{x}-{y}",
        "magnification": round(tile.scale.magnification, 3),
        "mpp": round(tile.scale.mpp, 4) if tile.scale.mpp else "",
        "x": x,
        "y": y,
        "extent": round(tile.extent, 2),
        "downsample": tile.scale.downsample,
        "left": tile.left,
        "top": tile.top,
    }


def _cut(slide: Path, tiles: Path, row: Mapping[str, Any], config: TileConfig) -> Cut:
    return Cut(
        slide=slide,
        target=tiles / row["path"],
        left=row["left"],
        top=row["top"],
        downsample=row["downsample"],
        size=config.size,
        quality=config.quality,
    )


def _write(project: Project, rows: Sequence[Mapping[str, Any]], about: About) -> None:
    """Add the rows to tiles.csv and the slides to slides.json; what was known of other slides stays."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    if project.tiles_path.exists():
        before = pd.read_csv(project.tiles_path, keep_default_na=False, dtype={"slide": str, "field": str})
        table = pd.concat([before, table]).drop_duplicates("path", keep="last") if rows else before
    files.write_text(project.tiles_path, table.to_csv(index=False))
    files.write_json(project.slides_path, _merged(read_slides(project), about))


def _merged(before: About, about: About) -> About:
    """A slide that gave tiles before keeps what is known of it, whatever came of it now."""
    gave = {name for name, one in before.items() if "reason" not in one}
    return {**before, **{name: one for name, one in about.items() if name not in gave or "reason" not in one}}


def _report(rows: Sequence[Mapping[str, Any]], about: About) -> TilingReport:
    return TilingReport(
        slides=len({row["slide"] for row in rows}),
        tiles=len(rows),
        fields=len({row["field"] for row in rows}),
        left_out=[(Path(one["path"]).name, one["reason"]) for one in about.values() if "reason" in one],
    )
