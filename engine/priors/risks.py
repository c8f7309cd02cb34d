"""What may mislead a prior by groups: a group with one class only, or one that its colours alone give away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from engine.types import UNKNOWN, Array, Indices

FEWEST = 4  # labelled images of a group before its classes say anything
TELLING = 3.0  # times as often as by chance, from which on colour tells the group
PLAIN = 0.4  # and at least this share


def one_class_groups(groups: Indices, names: Sequence[str], codes: Indices, column: str) -> str:
    """A sentence where groups show one class only, "" where none does.

    Args:
        groups: group of each image [N], UNKNOWN for none.
        names: of the groups.
        codes: class of each image [N], UNKNOWN where nobody labelled it.
        column: what the groups are called.
    """
    known = (groups != UNKNOWN) & (codes != UNKNOWN)
    if not known.any():
        return ""
    table = np.zeros((len(names), int(codes.max()) + 1), np.int64)
    np.add.at(table, (groups[known], codes[known]), 1)
    enough = table.sum(axis=1) >= FEWEST
    single = enough & ((table > 0).sum(axis=1) == 1)
    if not single.any():
        return ""
    example = names[int(np.flatnonzero(single)[0])]
    return (
        f"{single.sum():,} of {enough.sum():,} groups with at least {FEWEST} labelled images have one class only, "
        f"such as {column} {example}. Pairs are pure there, but only a score on other groups (group {column}) tells "
        "whether the class was learnt or the group."
    )


def colour_tells(colours: Array, groups: Indices, column: str) -> str:
    """A sentence where the image of the most similar colours is mostly of the same group, "" else.

    Args:
        colours: [M C] numbers that describe an image's colours.
        groups: group of each of these images [M], UNKNOWN for none.
        column: what the groups are called.
    """
    known = groups != UNKNOWN
    colours, groups = colours[known], groups[known]
    if len(groups) < 2 * FEWEST or len(np.unique(groups)) < 2:
        return ""
    scaled = (colours - colours.mean(axis=0)) / (colours.std(axis=0) + 1e-9)
    nearest = np.asarray(cKDTree(scaled).query(scaled, k=[2])[1])[:, 0]
    share = float((groups[nearest] == groups).mean())
    sizes = np.bincount(groups)
    chance = float((sizes * (sizes - 1)).sum() / (len(groups) * (len(groups) - 1)))
    if share < PLAIN or share < TELLING * chance:
        return ""
    return (
        f"Colour alone tells the {column}: for {share:.0%} of the images the one of the most similar colours is of "
        f"the same {column} ({chance:.0%} by chance). A network may learn that instead of what is shown: jitter the "
        "colours, and compare with augmentation alone."
    )
