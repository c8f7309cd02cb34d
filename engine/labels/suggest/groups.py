"""Spread over groups: the choices of any strategy, shared out over patients or slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.labels.suggest.base import Choice
from engine.types import UNKNOWN, Indices

ASKED = 5  # choices that a strategy is asked for each one wanted, so that there is something to share out


def share_out(
    choices: Sequence[Choice], groups: Indices, names: Sequence[str], labelled: Indices, count: int
) -> list[Choice]:
    """The best choices such that groups with few labels come first: each goes to the group with the fewest so far.

    Args:
        choices: the best first.
        groups: of each image [N]; all images that belong to none count as one group.
        names: of the groups, by code, as one says them (“patient 7”).
        labelled: rows of the labelled images.
        count: how many.
    """
    places = groups + 1  # UNKNOWN, -1, becomes a group like the others
    counts = np.bincount(places[labelled], minlength=int(places.max(initial=0)) + 1)
    waiting: dict[int, list[int]] = {}  # ranks by group
    for rank, one in enumerate(choices):
        waiting.setdefault(int(places[one.row]), []).append(rank)
    shared: list[Choice] = []
    while waiting and len(shared) < count:
        place = min(waiting, key=lambda group: (counts[group], waiting[group][0]))
        shared.append(_say(choices[waiting[place].pop(0)], place - 1, names, int(counts[place])))
        counts[place] += 1
        if not waiting[place]:
            del waiting[place]
    return shared


def _say(choice: Choice, group: int, names: Sequence[str], before: int) -> Choice:
    if group == UNKNOWN or before:
        return choice
    return replace(choice, reason=f"{choice.reason}; the first of {names[group]}")
