"""The generator's entry: draw a folder of synthetic tissue, cut into tiles, with its columns and, apart, the truth."""

from __future__ import annotations

import io
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from engine import files
from engine.demo.draw import Section, draw_section
from engine.demo.noise import as_floats
from engine.demo.plan import TILE, Slide, Tile, plan_slides
from engine.demo.regions import TISSUES
from engine.demo.stain import draw_stain, photograph, transmit
from engine.errors import PathNotAllowed, SettingInvalid
from engine.types import Floats, Pixels, Progress, silent

_THREADS = 8  # more would wait for each other, and each holds a slide of some 50 MB

README = """SYNTHETIC TISSUE, FOR TRYING OUT HANDFUL. NOT REAL. OF NO MEDICAL MEANING.

Every image here was drawn by a program (Handful's demo generator, {count} images, seed {seed}). No patient, no slide
and no scanner was involved; whatever looks like disease is geometry. Do not train or judge a diagnostic tool with it.

images/      the tiles, {tile} pixels a side. A file's name tells patient, slide, field, x, y, magnification and serial
             order; it does not tell the class.
columns.csv  the same facts as a table. The slides of a patient are serial sections of one block; a field is a place in
             the block, seen at 20x (four tiles) and at 10x (one tile); x and y count 20x tiles; serial is the scanner's
             order on the slide, at each magnification. Each patient is stained in another shade.
truth.csv    the tissue that fills most of each tile, and its share. Keep it out of training: it is for scoring only.

Tissues: {tissues}.
"""


@dataclass(frozen=True)
class Truth:
    """What one tile shows."""

    path: str  # relative to the images folder
    label: str  # the tissue that fills most of it
    share: float  # of the tile's area, 0 to 1


def make_demo(folder: Path, count: int = 600, seed: int = 0, progress: Progress = silent) -> Path:
    """Draw `count` synthetic tiles into folder/images; the same seed and count give the same bytes.

    Args:
        folder: does not exist yet, or is empty; it appears complete or not at all.
        count: images, ≥ 1.
        seed: ≥ 0.

    Returns:
        The folder, absolute: images/, columns.csv, truth.csv, README.txt.

    Raises:
        SettingInvalid: a count below 1 or a seed below 0.
        PathNotAllowed: the folder holds something, or cannot be written.
    """
    if count < 1 or seed < 0:
        raise SettingInvalid(f"The demo needs at least 1 image and a seed of 0 or more; asked for {count} and {seed}.")
    folder = folder.expanduser().resolve()
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise PathNotAllowed(f"{folder} is not empty. Choose a new folder for the demo images.")
        shutil.rmtree(partial, ignore_errors=True)  # what an interrupted drawing left
        partial.mkdir(parents=True)
        _draw_all(partial, count, seed, progress)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        raise PathNotAllowed(f"Cannot draw into {folder} ({error.strerror}). Choose another folder.") from error
    return folder


def drawn_before(folder: Path, count: int, seed: int) -> bool:
    """Whether the folder holds exactly what make_demo would draw into it, whole."""
    readme = folder / "README.txt"
    return readme.is_file() and readme.read_text(encoding="utf-8") == _readme(count, seed)


def holds_demo(folder: Path) -> bool:
    """Whether the folder was drawn by make_demo, with whatever count and seed."""
    readme = folder / "README.txt"
    return readme.is_file() and readme.read_text(encoding="utf-8").startswith(README.partition("\n")[0])


def _readme(count: int, seed: int) -> str:
    return README.format(count=count, seed=seed, tile=TILE, tissues=", ".join(TISSUES))


def _draw_all(folder: Path, count: int, seed: int, progress: Progress) -> None:
    slides = plan_slides(count, seed)
    truths: list[Truth] = []
    progress(0, count)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as pool:
        for drawn in pool.map(lambda slide: _make_slide(folder / "images", slide, seed), slides):
            truths += drawn
            progress(len(truths), count)
    columns = pd.DataFrame([_columns(tile) for slide in slides for tile in slide.tiles])
    files.write_text(folder / "columns.csv", columns.to_csv(index=False))
    files.write_text(folder / "truth.csv", pd.DataFrame(map(asdict, truths)).to_csv(index=False))
    files.write_text(folder / "README.txt", _readme(count, seed))


def _columns(tile: Tile) -> dict[str, str | int]:
    return {
        "path": tile.path,
        "patient": f"{tile.patient:02d}",
        "slide": tile.slide,
        "field": tile.field,
        "x": tile.x,
        "y": tile.y,
        "magnification": tile.magnification,
        "serial": tile.serial,
    }


def _make_slide(images: Path, slide: Slide, seed: int) -> list[Truth]:
    """Draw one slide, write its tiles, tell what each shows. Depends on nothing but the plan and the seed."""
    rng = np.random.default_rng([seed, slide.patient, slide.slide, 3])
    section = draw_section(slide, seed, rng)
    stain = draw_stain(np.random.default_rng([seed, slide.patient, 4]), rng)
    light = transmit(section.haematoxylin, section.eosin, stain, rng)
    pictures = {20: photograph(light, stain, rng), 10: photograph(_halve(light), stain, rng)}
    return [_write_tile(images, tile, pictures[tile.magnification], section) for tile in slide.tiles]


def _write_tile(images: Path, tile: Tile, picture: Pixels, section: Section) -> Truth:
    path = images / tile.path
    path.parent.mkdir(exist_ok=True, parents=True)
    zoom = 20 // tile.magnification
    row, column = tile.row // zoom, tile.column // zoom
    buffer = io.BytesIO()
    Image.fromarray(picture[row : row + TILE, column : column + TILE]).save(buffer, "PNG", compress_level=4)
    path.write_bytes(buffer.getvalue())
    side = TILE * zoom
    seen = section.regions[tile.row : tile.row + side, tile.column : tile.column + side]
    areas = np.bincount(seen.ravel(), minlength=len(TISSUES))
    return Truth(tile.path, TISSUES[int(areas.argmax())], round(float(areas.max() / seen.size), 3))


def _halve(light: Floats) -> Floats:
    """The light [H/2 W/2 3] at half the magnification: each pixel gathers what four did."""
    height, width = light.shape[0] // 2, light.shape[1] // 2
    return as_floats(light.reshape(height, 2, width, 2, 3).mean(axis=(1, 3)))
