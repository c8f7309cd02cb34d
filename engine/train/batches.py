"""Which images each step sees. Everything follows from (seed, epoch, step), so a run can go on from any step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch

from engine.priors.candidates import Kin
from engine.train.balance import balanced
from engine.train.config import TrainConfig, steps_in_epoch
from engine.types import Indices

Pairing: TypeAlias = Callable[[Indices, int, np.random.Generator], Indices]  # anchors [B], P, rng → partners [B P]

ORDER, PARTNERS, VIEWS, MONITORS, CROPS, METHOD, NETWORK = range(7)  # each purpose its own stream of random numbers


def alone(anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
    """The Pairing that knows nothing about the data: every image is its own partner, seen in another view."""
    return np.repeat(anchors[:, None], count, axis=1)


@dataclass(frozen=True)
class Known:
    """What is known of the images beside their pairs."""

    kin: Kin | None = None  # which images are no fair negatives of each other; None where no prior says so
    owners: Indices | None = None  # group of each image [N] by config.balance, UNKNOWN for none; None: no balance


class Order:
    """Which images are the anchors of each step: all in random order, or balanced (see engine.train.balance).

    Args:
        images: N.
        config: of the training.
        owners: group of each image [N] by config.balance, UNKNOWN for none; None where nothing is balanced.
    """

    def __init__(self, images: int, config: TrainConfig, owners: Indices | None = None) -> None:
        self._images, self._config, self._owners = images, config, owners
        self._epoch, self._rows = -1, np.zeros(0, np.int64)  # of the latest epoch asked for, made once for its steps

    def anchors(self, epoch: int, step: int) -> Indices:
        """Rows [B] of one step. Batches of an epoch differ in size by one at most; none is larger than config.batch.

        At a batch of 2 an odd image joins a pair: alone it has nothing to be compared with, nor a batch norm.
        """
        if epoch != self._epoch:
            rng = generator(self._config.seed, ORDER, epoch)
            owners = self._owners
            self._rows = rng.permutation(self._images) if owners is None else balanced(owners, self._config, rng)
            self._epoch = epoch
        steps = steps_in_epoch(self._images, self._config.batch)
        return self._rows[self._images * step // steps : self._images * (step + 1) // steps]


def rows_of(anchors: Indices, pairing: Pairing, partners: int, seed: int, epoch: int, step: int) -> Indices:
    """Rows [V B] that the views of one step show: the anchors, then their partners, if any are asked for."""
    if partners == 0:
        return anchors[None]
    drawn = pairing(anchors, partners, generator(seed, PARTNERS, epoch, step))
    return np.concatenate([anchors[None], drawn.T.astype(np.int64)])


def generator(seed: int, *purpose: int) -> np.random.Generator:
    """Random numbers that depend on the seed and the purpose alone."""
    return np.random.default_rng([seed, *purpose])


def torch_generator(seed: int, *purpose: int) -> torch.Generator:
    """The same for torch, on the CPU."""
    state = np.random.SeedSequence([seed, *purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)  # torch takes 63 bits
