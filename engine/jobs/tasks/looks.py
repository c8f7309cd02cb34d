"""What there is to look at in a training: what the network draws, where it looks, what it puts together.

Written at ends of epochs, from the same images each time, while that costs little, and always after the last step.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine import files
from engine.jobs.tasks.sheet import lay_out, pixels_of, write_picture
from engine.run_folder import RunFolder
from engine.train.device import autocast
from engine.types import Indices, Pixels
from engine.views.draw import plain

if TYPE_CHECKING:
    from engine.methods import Method
    from engine.train.loop import Training

SHARE = 0.05  # of the time that looks may cost
IMAGES = 8  # in a row
CLUSTERS = 8  # rows
HEADS = 3  # shown beside their mean
SAMPLE = 512  # images that are put in clusters
AT_ONCE = 128
PINK = (230, 60, 130)  # of full attention
STRENGTH = 0.7  # how much of the image full attention covers


@dataclass(frozen=True)
class Sheet:
    """One picture and what to say of it."""

    name: str  # of its file
    title: str
    caption: str
    pixels: Pixels  # [H W 3]


class Looks:
    """Looks at one training, into one run's folder."""

    def __init__(self, folder: RunFolder, training: Training) -> None:
        self._folder, self._training = folder, training
        rng = np.random.default_rng(training.config.seed)
        order = rng.permutation(len(training.cache)).astype(np.int64)
        self._few, self._many = order[:IMAGES], order[:SAMPLE]
        self._looked, self._cost = time.monotonic(), 0.0

    def look(self, epoch_ended: bool) -> None:
        """After each step: write anew what there is to see, where it is time to."""
        since, training = time.monotonic() - self._looked, self._training
        last = training.done == training.total_steps or training.stopped_early
        if last or (epoch_ended and since > self._cost / SHARE):
            self._write()

    def _write(self) -> None:
        began, training = time.monotonic(), self._training
        epoch = round(training.done / training.epoch_steps, 2)
        about = []
        for sheet in self._sheets():
            write_picture(self._folder.look(sheet.name), sheet.pixels)
            about.append({"name": sheet.name, "title": sheet.title, "caption": sheet.caption, "epoch": epoch})
        if about:
            files.write_json(self._folder.looks, about)
        self._looked = time.monotonic()
        self._cost = self._looked - began

    @torch.no_grad()
    def _sheets(self) -> Iterator[Sheet]:
        training = self._training
        method = training.method.eval()
        with autocast(training.device, training.precision):
            few = self._images(self._few)
            drawn = method.pictures(few)
            attention = method.encoder.attention(few)
            clusters = self._clusters(method)
        if drawn:
            yield pictures_sheet(few, drawn)
        if attention is not None:
            yield attention_sheet(few, attention)
        if clusters is not None:
            yield self._cluster_sheet(clusters)

    def _images(self, rows: Indices) -> Tensor:
        """The images [B 3 H W] at these rows of the table, as they are."""
        pixels = torch.from_numpy(self._training.cache.take(rows)).to(self._training.device)
        return plain(pixels, self._training.config.size)

    def _clusters(self, method: Method) -> Indices | None:
        """The cluster of each image of the sample, for a method that makes clusters."""
        parts = []
        for start in range(0, len(self._many), AT_ONCE):
            part = method.assignments(self._images(self._many[start : start + AT_ONCE]))
            if part is None:
                return None
            parts.append(part.cpu().numpy())
        return np.concatenate(parts)

    def _cluster_sheet(self, clusters: Indices) -> Sheet:
        names, counts = np.unique(clusters, return_counts=True)
        largest = np.argsort(-counts, kind="stable")[:CLUSTERS]
        members = [self._many[clusters == names[one]][:IMAGES] for one in largest]
        rows = [pixels_of(self._images(rows)) for rows in members]
        sizes = ", ".join(str(counts[one]) for one in largest)
        return Sheet(
            "clusters",
            "What it puts together",
            f"Each row shows images of one cluster, the largest first. They hold {sizes} of {len(clusters)} images; "
            f"{len(names)} clusters are in use.",
            in_rows([_padded(row) for row in rows]),
        )


def pictures_sheet(images: Tensor, drawn: dict[str, Tensor]) -> Sheet:
    """The images [B 3 H W] in a row, and under them what the network makes of them, by title."""
    rows = [pixels_of(shown) for shown in (images, *drawn.values())]
    caption = f"From top to bottom: the image, {', '.join(drawn)}."
    return Sheet("pictures", "What it draws", caption, in_rows(rows))


def attention_sheet(images: Tensor, attention: Tensor) -> Sheet:
    """The images [B 3 H W] in a row, and under them where the network looks [B heads h w], in pink."""
    heads = attention.shape[1]
    shown = [attention.mean(dim=1), *(attention[:, head] for head in range(min(heads, HEADS) if heads > 1 else 0))]
    named = ["where it looks, all heads together", *(f"head {head}" for head in range(1, len(shown)))]
    rows = [pixels_of(images), *(warmed(images, heat) for heat in shown)]
    caption = f"From top to bottom: the image, {', '.join(named)}. Pinker means more attention."
    return Sheet("attention", "Where it looks", caption, in_rows(rows))


def warmed(images: Tensor, heat: Tensor) -> Pixels:
    """The images [B 3 H W] as bytes [B H W 3], pinker where the heat [B h w] is greater; each image by itself."""
    wide = F.interpolate(heat[:, None].float(), size=images.shape[2:], mode="bilinear", align_corners=False)
    share = STRENGTH * wide / wide.amax(dim=(2, 3), keepdim=True).clamp(min=1e-12)
    cover = share.cpu().permute(0, 2, 3, 1).numpy()
    mixed: Pixels = (pixels_of(images) * (1 - cover) + np.array(PINK) * cover).round().astype(np.uint8)
    return mixed


def in_rows(rows: list[Pixels]) -> Pixels:
    """Rows of cells [B H W 3] under one another."""
    return lay_out(list(np.stack(rows, axis=1)))


def _padded(row: Pixels) -> Pixels:
    """A row of cells with white ones at its end."""
    missing = IMAGES - len(row)
    return np.pad(row, ((0, missing), (0, 0), (0, 0), (0, 0)), constant_values=255)
