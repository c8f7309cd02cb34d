"""Real positive pairs, to look at before anything is trained on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.images.table import read_table
from engine.priors.base import PriorSpec
from engine.priors.build import build_priors
from engine.priors.compose import Pairing
from engine.project import Project
from engine.types import UNKNOWN


def gallery(project: Project, specs: Sequence[PriorSpec], count: int, seed: int = 0) -> list[tuple[int, int, int]]:
    """Pairs exactly as training would draw them.

    Args:
        project: whose images to pair.
        specs: the priors, composed by share.
        count: pairs wanted; fewer where there are fewer images.
        seed: the same seed gives the same pairs.

    Returns:
        (anchor row, partner row, place in `specs` of the prior that made the pair, UNKNOWN where an image is its own
        partner), anchors in random order without repeats.

    Raises:
        ColumnMissing: the table lacks a column that a prior needs.
        SettingInvalid: the shares sum to more than 1.
    """
    table, rng = read_table(project), np.random.default_rng(seed)
    pairing = Pairing.of(table, build_priors(specs))
    anchors = rng.permutation(len(table))[:count].astype(np.int64)
    partners, authors = pairing.draw(anchors, 1, rng)
    return [
        (int(anchor), int(partner), UNKNOWN if anchor == partner else int(author))
        for anchor, partner, author in zip(anchors, partners[:, 0], authors[:, 0], strict=True)
    ]
