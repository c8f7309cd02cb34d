"""Start an encoder with filters that are computed from the project's images, and for LDA from a person's labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from engine.encoders import Encoder
from engine.images.cache import open_cache
from engine.images.table import read_table
from engine.initialisations import INITIALISATIONS
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import UNKNOWN, Indices
from engine.views.draw import plain

PIXELS, FEWEST = 2**21, 64  # of the images that pass the network at once: 2,048 of 32 pixels; but at least so many


def compute_filters(
    project: Project, encoder: Encoder, init: str, size: int, seed: int, say: Callable[[str], None]
) -> None:
    """Set the encoder's filters in place.

    Args:
        init: name of an initialisation.
        size: side of the images in pixels, at which they are prepared already.
        seed: of the sample of images and of what is random.
        say: told which layers stay random, if any.

    Raises:
        TooFewLabels: it needs labels of more classes than there are.
        SettingInvalid: the encoder has no filters that could be computed.
    """
    table = read_table(project)
    labels = np.full(len(table), UNKNOWN, np.int64)
    if (
        INITIALISATIONS[init].card["needs_labels"] and project.labels_path.exists()
    ):  # a person's only: what the engine said itself would be learnt as a fact
        labels, _ = LabelStore(project).label_codes(table.ids, hand_only=True)
    rows = sample(labels, max(FEWEST, PIXELS // size**2), np.random.default_rng(seed))
    pixels = torch.from_numpy(open_cache(project, table, size).take(rows))
    random = torch.Generator().manual_seed(seed)
    chosen = torch.from_numpy(labels[rows])
    left = INITIALISATIONS[init]().initialise(encoder, plain(pixels, size), chosen, random)
    if left:
        say(f"{len(left)} convolutions that see only part of their channels keep random filters, {left[0]} the first.")


def sample(labels: Indices, count: int, rng: np.random.Generator) -> Indices:
    """At most `count` rows of the table [M], in rising order: labelled ones first, then others; all drawn at random."""
    order = rng.permutation(len(labels))
    labelled_first = order[np.argsort(labels[order] == UNKNOWN, kind="stable")]
    return np.sort(labelled_first[:count])
