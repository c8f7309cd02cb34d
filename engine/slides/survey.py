"""A folder of slides looked over before anything is cut: which there are, and what the settings would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import PathNotAllowed, SlideScaleUnknown
from engine.images.parallel import run_parallel
from engine.slides.look import SlideLook, crashed, look
from engine.slides.plan import TileConfig, plan_tiles
from engine.slides.read import EXTENSIONS, SlideInfo, check_openslide
from engine.types import Progress, silent


@dataclass(frozen=True)
class Expected:
    """What a slide would give."""

    tiles: int = 0
    fields: int = 0
    reason: str = ""  # why it would give none


def survey(names: dict[str, Path], progress: Progress = silent) -> dict[str, SlideLook]:
    """What each file is, by the name of its slide; in helper processes, as a broken file may crash its reader.

    Raises:
        ExtraMissing: OpenSlide is not installed.
    """
    check_openslide()
    looks = dict(zip(names, run_parallel(look, list(names.values()), crashed, progress), strict=True))
    return without_parts(looks)


def without_parts(looks: Mapping[str, SlideLook]) -> dict[str, SlideLook]:
    """The looks with one slide for each DICOM series, whose files OpenSlide all opens as the whole of it."""
    first: dict[tuple[Path, str], str] = {}
    told = {}
    for name, seen in looks.items():
        series = seen.info.identity if seen.info and seen.path.suffix.lower() == ".dcm" else ""
        whole = first.setdefault((seen.path.parent, series), name) if series else name
        told[name] = seen if whole == name else SlideLook(seen.path, reason=f"It is a part of the slide {whole}.")
    return told


def expected(seen: SlideLook, config: TileConfig) -> Expected:
    """How many tiles these settings would cut from a slide.

    Raises:
        SettingInvalid: scales that are no numbers.
    """
    if seen.info is None:
        return Expected(reason=seen.reason)
    try:
        tiles = plan_tiles(seen.info, seen.mask, config)
    except SlideScaleUnknown as error:
        return Expected(reason=str(error))
    if not tiles:
        return Expected(reason=nothing(seen.info, config))
    return Expected(len(tiles), len({(tile.x, tile.y) for tile in tiles}))


def nothing(info: SlideInfo, config: TileConfig) -> str:
    """Why a slide gives no tile although it can be read."""
    return (
        f"No place on it ({info.width:,} x {info.height:,} pixels) holds {config.tissue:.0%} of tissue over a whole "
        "tile. Ask for smaller tiles or a smaller share of tissue."
    )


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
