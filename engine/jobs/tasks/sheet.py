"""What the network sees, as one picture: a row an image, first as it is, then views of it, then views of a partner.

Where all images are brought to one stain, that comes second.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine import files
from engine.types import Pixels
from engine.views.draw import MEAN, SPREAD, draw, plain
from engine.views.normalise import StainedCache

if TYPE_CHECKING:
    from engine.train.loop import Training

ROWS, VIEWS = 6, 3  # images on the sheet; views of each, and of its partner
SIDE = 96  # pixels a cell, at least
GAP = 4  # pixels of white between cells


def write_views(path: Path, training: Training) -> None:
    """Write the sheet."""
    write_picture(path, views_sheet(training))


def write_picture(path: Path, pixels: Pixels) -> None:
    """Write pixels [H W 3] as a webp picture."""
    picture = Image.fromarray(pixels)
    files.write_atomically(path, lambda file: picture.save(file, "webp", quality=90))


def views_sheet(training: Training) -> Pixels:
    """The sheet [H W 3]: up to 6 rows of 7 or 8 cells; without partners all views are of the image itself."""
    cache, config = training.cache, training.config
    rng = np.random.default_rng(config.seed)
    anchors = rng.permutation(len(cache))[:ROWS].astype(np.int64)
    partners = training.pairing(anchors, 1, rng)[:, 0] if training.partners else anchors
    random = torch.Generator().manual_seed(config.seed)
    own, other = (torch.from_numpy(cache.take(rows)) for rows in (anchors, partners))
    columns = [plain(own, config.size)]
    if isinstance(cache, StainedCache):
        columns.insert(0, plain(torch.from_numpy(cache.original.take(anchors)), config.size))
    columns += [draw(pixels, training.recipe, config.size, random) for pixels in (own, other) for _ in range(VIEWS)]
    return lay_out([pixels_of(column) for column in columns])


def pixels_of(views: Tensor) -> Pixels:
    """Normalised [B 3 H W] back to bytes [B H W 3]."""
    mean, spread = (torch.tensor(numbers)[:, None, None] for numbers in (MEAN, SPREAD))
    shown: Pixels = (
        ((views.float().cpu() * spread + mean) * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
    )
    return shown


def lay_out(columns: list[Pixels]) -> Pixels:
    """Columns of cells [B H W 3] side by side on white, each enlarged by a whole number."""
    times = max(1, -(-SIDE // columns[0].shape[1]))
    cells = np.stack(columns, axis=1).repeat(times, axis=2).repeat(times, axis=3)  # [B V H W 3]
    padded = np.pad(cells, ((0, 0), (0, 0), (GAP, GAP), (GAP, GAP), (0, 0)), constant_values=255)
    rows, count, height, width, _ = padded.shape
    sheet: Pixels = padded.transpose(0, 2, 1, 3, 4).reshape(rows * height, count * width, 3)
    return sheet
