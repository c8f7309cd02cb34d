"""Keep what the encoder says of a fixed sample of images at a few epochs, so that the map can be seen to form.

Taken before the first step, then at steps that lie evenly on a logarithmic scale, and after the last one. A snapshot
in between waits until it costs little beside the time since the one before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine import files
from engine.embed import embed
from engine.geometry.epochs import snapshot_path, snapshots
from engine.images.cache import PixelCache
from engine.run_folder import RunFolder
from engine.types import Array

if TYPE_CHECKING:
    from engine.train.loop import Training

MOST = 1_500  # images in the sample: enough to see a map form, few enough to be drawn at every epoch
MOMENTS = 8  # with the first and the last
SHARE = 0.1  # of the time that snapshots may cost
EARLIEST = 0.01  # of the training that has passed at the first moment after the start


class Snapshots:
    """The sample of one run; begins where the training stands.

    Args:
        ids: of the images in the training's cache [N].
    """

    def __init__(self, folder: RunFolder, training: Training, ids: Sequence[str] | Array) -> None:
        self._folder, self._training = folder, training
        count = len(training.cache)
        rng = np.random.default_rng(training.config.seed)
        rows = np.sort(rng.choice(count, min(count, MOST), replace=False))
        self._sample = PixelCache(training.cache.pixels, training.cache.rows[rows])
        self._moments = moments(training.total_steps)
        for epoch, path in snapshots(folder).items():
            if epoch > self._epoch or not training.done:  # of a part of the run that comes again
                path.unlink()
        files.write_json(folder.snapshots / "images.json", {"ids": [str(ids[row]) for row in rows]})
        self._next = next((step for step in self._moments if step > training.done), training.total_steps)
        if not training.done:
            self._take()
        self._taken, self._cost = time.monotonic(), 0.0  # the first is slow, as the device wakes up: it does not count

    @property
    def _epoch(self) -> float:
        return self._training.done / self._training.epoch_steps

    def look(self) -> None:
        """After each step: take a snapshot where one is due."""
        done, total = self._training.done, self._training.total_steps
        cheap = time.monotonic() - self._taken > self._cost / SHARE
        over = done == total or self._training.stopped_early
        if over or (done >= self._next and cheap):
            self._take()
            self._next = next((step for step in self._moments if step > done), total)

    def _take(self) -> None:
        began, training = time.monotonic(), self._training
        vectors = embed(training.method.encoder, self._sample, training.device, precision=training.config.precision)
        files.write_array(snapshot_path(self._folder, self._epoch), vectors)
        self._taken = time.monotonic()
        self._cost = self._taken - began


def moments(steps: int) -> list[int]:
    """The steps after which to look, of a training of so many: rising, 0 and the last one among them."""
    between = np.geomspace(max(1.0, EARLIEST * steps), steps, MOMENTS - 1)
    return sorted({0, *(int(step) for step in between.round())})
