"""Labels kept back while a network learns from the others, to ask it about images that it was not taught."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from engine.methods import Stage
from engine.train.device import autocast
from engine.train.loop import Step, Training
from engine.train.monitors import MOST
from engine.types import UNKNOWN, Indices
from engine.views.draw import plain

if TYPE_CHECKING:
    from engine.images.cache import PixelCache

ENOUGH = 20  # labels of each class, below which all of them are needed for learning
FOLDS = 5  # a fifth is kept back


def choose_left_out(codes: Indices, groups: Indices | None, seed: int) -> Indices:
    """Places of the labels to keep back, a fifth of each class, no group split; none while labels or groups are few.

    Args:
        codes: class of each labelled image [M], none UNKNOWN.
        groups: group of each [M], UNKNOWN for one by itself; None where no groups are known.
        seed: of the choice.
    """
    _, counts = np.unique(codes, return_counts=True)
    if counts.min() < ENOUGH:
        return np.array([], np.int64)
    if groups is None:
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(codes, codes)
    else:
        owners = np.where(groups == UNKNOWN, groups.max() + 1 + np.arange(len(groups)), groups)
        if len(np.unique(owners)) < FOLDS:
            return np.array([], np.int64)
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(codes, codes, owners)
    kept, left_out = next(iter(folds))
    whole = len(np.unique(codes[kept])) == len(counts)  # every class must be taught
    return left_out[:MOST] if whole else np.array([], np.int64)


def asked(training: Training, cache: PixelCache, codes: Indices) -> Iterator[Step]:
    """The steps of a training of a Stage, whose monitors at the end of an epoch say how it does on images left out.

    Args:
        training: of a Stage.
        cache: the images left out [M], M ≥ 1.
        codes: the class of each [M].
    """
    for step in training.steps():
        if not step.epoch_ended:
            yield step
            continue
        yield replace(step, monitors=step.monitors | {"left_out_accuracy": share_right(training, cache, codes)})


@torch.no_grad()
def share_right(training: Training, cache: PixelCache, codes: Indices) -> float:
    """Share of the images [M] that the network, as it stands, gives the class of `codes` [M]."""
    stage, device = training.method, training.device
    assert isinstance(stage, Stage)
    pixels = torch.from_numpy(cache.take(np.arange(len(cache)))).to(device)
    stage.eval()
    with autocast(device, training.precision):
        answers = stage.classify(plain(pixels, training.config.size)).argmax(dim=1)
    stage.train()
    return float((answers.cpu().numpy() == codes).mean())
