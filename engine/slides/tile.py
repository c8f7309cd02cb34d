"""A folder of slides → a project of their tiles. What was cut before is not cut again; other settings add to it.

tiles.csv holds, for each tile: path, slide, field, magnification, mpp, x and y of the centre and the side (`extent`) in
pixels of the slide's finest level. slides.json says of every file what it is, or why no tile came of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from engine import files
from engine.errors import NoImages, PathNotAllowed, SlideScaleUnknown, UnreadableSlide
from engine.images.parallel import run_parallel
from engine.project import ColumnSettings, Project, create_project, open_project
from engine.slides.cut import Cut, crashed, cut
from engine.slides.plan import Tile, TileConfig, plan_tiles
from engine.slides.read import EXTENSIONS, SlideInfo, overview, slide_info
from engine.slides.tissue import tissue_mask
from engine.types import Progress, silent

OVERVIEW = 2048  # longer side in pixels at which tissue is looked for


@dataclass(frozen=True)
class TilingReport:
    """What came of a folder of slides."""

    slides: int  # that gave tiles
    tiles: int
    fields: int
    left_out: list[tuple[str, str]] = field(default_factory=list)  # (file, reason)


def tile_slides(slides: Path, target: Path, config: TileConfig, progress: Progress = silent) -> TilingReport:
    """Cut all slides of a folder, also in folders inside.

    Args:
        slides: the folder; never written to.
        target: where tiles/, tiles.csv and slides.json go.
        config: how to cut.
        progress: told the tiles done.

    Raises:
        PathNotAllowed: no such folder, or none with a slide in it.
        SettingInvalid: scales that are no numbers.
        ExtraMissing: OpenSlide is not installed.
    """
    names = slide_names(slides)
    plans: dict[str, list[Tile]] = {}
    about: dict[str, dict[str, Any]] = {}
    for name, path in names.items():
        about[name] = {"path": str(path)}
        try:
            info = slide_info(path)
            about[name] |= asdict(info)
            plans[name] = plan_tiles(info, tissue_mask(overview(path, OVERVIEW)), config)
        except (UnreadableSlide, SlideScaleUnknown) as error:
            about[name]["reason"] = str(error)
        else:
            if not plans[name]:
                about[name]["reason"] = _nothing(info, config)
    rows = [_row(name, one, config.size) for name, plan in plans.items() for one in plan]
    cuts = [_cut(names[row["slide"]], target, row, config) for row in rows]
    reasons = run_parallel(cut, cuts, crashed, progress)
    whole = [row for row, reason in zip(rows, reasons, strict=True) if not reason]
    for row, reason in zip(rows, reasons, strict=True):
        if reason:
            about[row["slide"]]["reason"] = reason
    _write(target, whole, about)
    return _report(whole, about)


def tile_project(
    root: Path, slides: Path, config: TileConfig, progress: Progress = silent
) -> tuple[Project, TilingReport]:
    """A project over the tiles of a folder of slides; not scanned yet. An existing one gets more tiles.

    Raises:
        PathNotAllowed: as `tile_slides`, or the folder holds a project over other images.
        NoImages: no tile came of any slide; the reasons are named.
        SettingInvalid, ExtraMissing: as `tile_slides`.
    """
    root = root.expanduser().resolve()
    there = open_project(root) if (root / "project.json").exists() else None
    if there and there.images != root / "tiles":
        raise PathNotAllowed(
            f"{root} holds a project over {there.images} already. Tile into a project folder of its own."
        )
    report = tile_slides(slides.expanduser().resolve(), root, config, progress)
    if not report.tiles:
        listed = " ".join(f"{name}: {reason}" for name, reason in report.left_out[:3])
        raise NoImages(f"No tile came of the slides in {slides}. {listed}")
    columns = ColumnSettings(csv=str(root / "tiles.csv"), reader="none", folders=False)
    return there or create_project(root, root / "tiles", name=slides.name, columns=columns), report


def slide_names(slides: Path) -> dict[str, Path]:
    """Every file below a folder that a slide may be, by a name of its own.

    Raises:
        PathNotAllowed: no such folder, or none with a slide in it.
    """
    if not slides.is_dir():
        raise PathNotAllowed(f"There is no folder {slides}. Give the folder that holds the slides.")
    found = sorted(path for path in slides.rglob("*") if path.suffix.lower() in EXTENSIONS and path.is_file())
    if not found:
        raise PathNotAllowed(f"There is no slide in {slides}. Slides end in {', '.join(EXTENSIONS)}.")
    stems = Counter(path.stem for path in found)
    return {path.stem if stems[path.stem] == 1 else _whole_name(path, slides): path for path in found}


def _whole_name(path: Path, slides: Path) -> str:
    """A name from the whole way to the file, for one of several that share their last name."""
    return "-".join(path.relative_to(slides).parts).replace(".", "-")


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


def _cut(slide: Path, target: Path, row: dict[str, Any], config: TileConfig) -> Cut:
    return Cut(
        slide=slide,
        target=target / "tiles" / row["path"],
        left=row["left"],
        top=row["top"],
        downsample=row["downsample"],
        size=config.size,
        quality=config.quality,
    )


def _nothing(info: SlideInfo, config: TileConfig) -> str:
    return (
        f"No place on it ({info.width:,} x {info.height:,} pixels) holds {config.tissue:.0%} of tissue over a whole "
        "tile. Ask for smaller tiles or a smaller share of tissue."
    )


def _write(target: Path, rows: Sequence[dict[str, Any]], about: dict[str, dict[str, Any]]) -> None:
    columns = ["path", "slide", "field", "magnification", "mpp", "x", "y", "extent"]
    table = pd.DataFrame(rows, columns=columns)
    path = target / "tiles.csv"
    if path.exists():
        table = pd.concat([pd.read_csv(path, keep_default_na=False), table]).drop_duplicates("path", keep="last")
    files.write_text(path, table.to_csv(index=False))
    files.write_json(target / "slides.json", about)


def _report(rows: Sequence[dict[str, Any]], about: dict[str, dict[str, Any]]) -> TilingReport:
    return TilingReport(
        slides=len({row["slide"] for row in rows}),
        tiles=len(rows),
        fields=len({row["field"] for row in rows}),
        left_out=[(Path(one["path"]).name, one["reason"]) for one in about.values() if "reason" in one],
    )
