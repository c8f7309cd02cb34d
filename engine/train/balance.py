"""The order of an epoch, balanced over groups, so that colour or scanner cannot be the shortcut. Loads without torch.

A network takes the easiest way to tell two images apart (Geirhos et al., Nature Machine Intelligence 2020,
https://arxiv.org/abs/2004.07780), and between two slides or hospitals that is their colour. Two balances
work against it:

spread: every group makes up the same share of every batch, so that a patient of many images does not set the tone. A
small group's images come again, each at most REPEATS times an epoch, and a large group shows others of its own in each
epoch. It is no cure for colour, but neither is one group's colour most of what the network sees.

within: a batch is laid of runs of images of one group each, as Hermans et al. (2017, https://arxiv.org/abs/1703.07737)
lay theirs of P persons with K pictures, and every image comes once an epoch. Against the images of its run, colour and
scanner say nothing, only the tissue does. These negatives are hard, and more often false: on colorectal tissue
(crc_cells) negatives of one patient alone cost 4 points. So a run is a share of the batch, a quarter unless set
otherwise.
"""

from __future__ import annotations

import numpy as np

from engine.images.table import ImageTable
from engine.train.config import TrainConfig
from engine.types import UNKNOWN, Array, Indices

REPEATS = 4  # times that an image is shown in an epoch at most


def owners_of(table: ImageTable, column: str, ids: Array) -> Indices | None:
    """Group [M] of the images with these ids [M] by a column, UNKNOWN for none; None where no column is named.

    Raises:
        ColumnMissing: the table has no such column.
    """
    return table.groups(column).codes[table.rows(list(ids))] if column else None


def balanced(groups: Indices, config: TrainConfig, rng: np.random.Generator) -> Indices:
    """The rows [N] of an epoch in order, as many as there are images.

    Args:
        groups: group of each image [N], UNKNOWN for none.
        config: `balance_mode` and `balance_share`.
        rng: where the order comes from.
    """
    if config.balance_mode == "within":
        return within(groups, max(2, round(config.balance_share * min(config.batch, len(groups)))), rng)
    return spread(groups, rng)


def spread(groups: Indices, rng: np.random.Generator) -> Indices:
    """Rows [N] in which every group comes equally often and evenly: in any stretch its share, give or take two images.

    Images that belong to none count as one group.
    """
    members, start, size = _members(groups, rng)
    turns = turns_of(size, rng)
    owner = np.repeat(np.arange(len(size)), turns)
    turn = _count_up(turns)
    when = (turn + rng.random(len(turn))) / turns[owner]  # the epoch cut into as many parts as the group has turns
    rows: Indices = members[start[owner] + turn % size[owner]][np.argsort(when, kind="stable")]
    return rows


def turns_of(size: Indices, rng: np.random.Generator) -> Indices:
    """How often each group is shown [G], as many times in all as there are images [G] in all.

    All equally often, but none beyond REPEATS times its images; by chance once more where the numbers do not divide.
    """
    most, total = REPEATS * size, int(size.sum())
    ascending = np.sort(most)
    filled = np.cumsum(ascending) - ascending  # by the smaller groups, at their most
    sharing = np.arange(len(size), 0, -1)  # the others
    first = int(np.argmax(total - filled <= ascending * sharing))  # the smallest group that need not go to its most
    level = (total - int(filled[first])) // int(sharing[first])
    turns = np.minimum(most, level)
    again = rng.permutation(np.flatnonzero(most > level))[: total - int(turns.sum())]
    turns[again] += 1
    return turns


def within(groups: Indices, length: int, rng: np.random.Generator) -> Indices:
    """Every row [N] once, in runs of at most `length` images of one group, the runs in random order.

    A group makes as few runs as it can, all of nearly one length; an image that belongs to none is a run by itself.
    """
    single = np.arange(len(groups)) + groups.max(initial=0) + 1
    members, _, size = _members(np.where(groups == UNKNOWN, single, groups), rng)
    runs = -(-size // length)
    owner = np.repeat(np.arange(len(size)), size)
    run = (np.cumsum(runs) - runs)[owner] + _count_up(size) * runs[owner] // size[owner]
    place = rng.permutation(int(runs.sum()))
    rows: Indices = members[np.argsort(place[run], kind="stable")]
    return rows


def say_balance(config: TrainConfig, groups: Indices) -> str:
    """What the balance does to these images, in plain words; "" where there is none.

    Args:
        config: of the training.
        groups: group of each image [N] by config.balance, UNKNOWN for none.
    """
    column, batch = config.balance, min(config.batch, len(groups))
    size = np.bincount(np.unique(groups, return_inverse=True)[1])
    if not column:
        return ""
    if len(size) < 2:
        return f"All images are of one {column}, so there is nothing to balance."
    if config.balance_mode == "within":
        return (
            f"A step shows up to {max(2, round(config.balance_share * batch))} images of one {column} in a run. Among "
            "these, colour and scanner tell nothing apart; the network has to look at what is shown."
        )
    turns = turns_of(size, np.random.default_rng(0))
    each = batch / len(size)
    said = f"about {each:.0f} of each" if each >= 2 else "one or none of each"
    rest = f" No image comes more than {REPEATS} times an epoch." if (turns == REPEATS * size).any() else ""
    return f"Every {column} is shown equally often: {len(size):,} groups, {said} in a step of {batch:,}.{rest}"


def _members(groups: Indices, rng: np.random.Generator) -> tuple[Indices, Indices, Indices]:
    """Rows [N] group by group, in random order within each; where each group begins, and how many it has [G]."""
    codes = np.unique(groups, return_inverse=True)[1]
    shuffled = rng.permutation(len(groups))
    size = np.bincount(codes)
    return shuffled[np.argsort(codes[shuffled], kind="stable")], np.cumsum(size) - size, size


def _count_up(lengths: Indices) -> Indices:
    """0, 1, … up to each length [G], one after another."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
