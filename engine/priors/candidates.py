"""Who may be whose partner, for all images at once: a slice of one long list each, less a block that is left out.

Every prior of the data comes down to this. A group is one slice for all its members, and each leaves itself out; a
window over a sorted sequence is a slice that moves; neighbours in space are slices of a list of their own. Memory is
that of the list; drawing costs what the batch costs, whatever the number of images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.types import UNKNOWN, Array, Indices


@dataclass(frozen=True)
class Candidates:
    """Partners of image i: order[start[i] : start[i] + size[i]], but for `left_out[i]` places from `skip[i]` on.

    All index arrays [N], `order` [E]; `skip` counts from the slice's start. A size of 0 leaves an image alone.
    """

    order: Indices
    start: Indices
    size: Indices
    skip: Indices
    left_out: Indices

    @property
    def others(self) -> Indices:
        """How many partners each image can have [N]."""
        return self.size - self.left_out

    def of(self, row: int) -> Indices:
        """All partners of one image."""
        slice_ = self.order[self.start[row] : self.start[row] + self.size[row]]
        return np.delete(slice_, np.s_[self.skip[row] : self.skip[row] + self.left_out[row]])

    def draw(self, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        """Partners uniformly, all distinct where an anchor has enough of them; else each of them in turn.

        Args:
            anchors: rows [B].
            count: partners for each, P ≥ 1.
            rng: where the choice comes from.

        Returns:
            Rows [B P]; the anchor's own row where it has no partner.
        """
        partners = np.repeat(anchors[:, None], count, axis=1)
        paired = self.others[anchors] > 0
        if paired.any():
            rows = anchors[paired]
            places = _distinct_places(self.others[rows], count, rng)  # [B' P]
            places += np.where(places >= self.skip[rows, None], self.left_out[rows, None], 0)
            partners[paired] = self.order[self.start[rows, None] + places]
        return partners

    def among(self, left: Indices, right: Indices) -> Array:
        """Which of some images are partners of which others.

        Args:
            left: rows [M].
            right: rows [K]; UNKNOWN is nobody's partner.

        Returns:
            A mask [M K]. Beside making it, the cost is that of what it finds, or that of all partners of `left` where
            images are listed more than once; never that of all images.
        """
        if self._place is None:
            return self._listed(left, right)
        place = np.where(right == UNKNOWN, UNKNOWN, self._place[right])
        by_place = np.argsort(place)
        start, skipped = self.start[left], self.start[left] + self.skip[left]
        ends = np.stack([start, skipped, skipped + self.left_out[left], start + self.size[left]], axis=1)
        mask = np.zeros((len(left), len(right)), dtype=bool)
        for row, (first, stop, again, last) in enumerate(np.searchsorted(place[by_place], ends).tolist()):
            mask[row, by_place[first:stop]] = True
            mask[row, by_place[again:last]] = True
        return mask

    @cached_property
    def _place(self) -> Indices | None:
        """Where each image stands in `order` [N], UNKNOWN if nowhere; None where one stands there more than once."""
        if np.bincount(self.order).max(initial=0) > 1:
            return None
        place = np.full(len(self.start), UNKNOWN, np.int64)
        place[self.order] = np.arange(len(self.order))
        return place

    def _listed(self, left: Indices, right: Indices) -> Array:
        """`among` by going through the partners of `left`."""
        size = self.size[left]
        owner, turn = np.repeat(np.arange(len(left)), size), _count_up(size)
        skip = self.skip[left][owner]
        kept = (turn < skip) | (turn >= skip + self.left_out[left][owner])
        owner, partner = owner[kept], self.order[self.start[left][owner] + turn][kept]
        by_row = np.argsort(right)
        first, last = (np.searchsorted(right[by_row], partner, side=side) for side in ("left", "right"))
        column = by_row[np.repeat(first, last - first) + _count_up(last - first)]
        mask = np.zeros((len(left), len(right)), dtype=bool)
        mask[np.repeat(owner, last - first), column] = True
        return mask


@dataclass(frozen=True)
class Kin:
    """Which images are no fair negatives of each other, as priors know it: partners by any of them."""

    known: Sequence[Candidates]

    def __call__(self, left: Indices, right: Indices) -> Array:
        """The mask [M K] of rows [M] against rows [K], as `Candidates.among`; an image itself need not be in it."""
        mask = np.zeros((len(left), len(right)), dtype=bool)
        for one in self.known:
            mask |= one.among(left, right)
        return mask


def same_value(codes: Indices) -> Candidates:
    """All others of the same code [N]; none where it is UNKNOWN."""
    return other_value(codes, np.arange(len(codes)))


def other_value(codes: Indices, kinds: Indices) -> Candidates:
    """All of the same code [N] but of another kind [N]; none where either is UNKNOWN."""
    known = np.flatnonzero((codes != UNKNOWN) & (kinds != UNKNOWN))
    order = known[np.lexsort((kinds[known], codes[known]))]
    start, size, skip, left_out = np.zeros((4, len(codes)), np.int64)
    first, length = _blocks(codes[order])
    own, of_kind = _blocks(codes[order], kinds[order])
    start[order], size[order] = first, length
    skip[order], left_out[order] = own - first, of_kind
    return Candidates(order, start, size, skip, left_out)


def wanted_value(codes: Indices, kinds: Indices, wanted: Indices) -> Candidates:
    """All of the same code [N] and of the kind that each image wants [N]; none where any of them is UNKNOWN.

    An image never wants its own kind.
    """
    known = np.flatnonzero((codes != UNKNOWN) & (kinds != UNKNOWN))
    span = int(kinds.max(initial=0)) + 2
    key = codes * span + kinds
    order = known[np.argsort(key[known], kind="stable")]
    asks = (codes != UNKNOWN) & (wanted != UNKNOWN)
    target = np.where(asks, codes * span + wanted, UNKNOWN)
    low, high = (np.searchsorted(key[order], target, side=side).astype(np.int64) for side in ("left", "right"))
    nothing = np.zeros(len(codes), np.int64)
    return Candidates(order, low, np.where(asks, high - low, 0), nothing, nothing)


def within(codes: Indices, values: np.ndarray, reach: float) -> Candidates:
    """All others of the same code [N] whose value [N] differs by at most `reach`; none where it is UNKNOWN or NaN."""
    known = np.flatnonzero((codes != UNKNOWN) & ~np.isnan(values.astype(np.float64)))
    order = known[np.lexsort((values[known], codes[known]))]
    start, size, skip, left_out = np.zeros((4, len(codes)), np.int64)
    first, length = _blocks(codes[order])
    sorted_values = values[order].astype(np.float64)
    low, high = np.empty_like(first), np.empty_like(first)
    for begin in np.flatnonzero(first == np.arange(len(order))):  # one sequence at a time
        block = slice(begin, begin + length[begin])
        low[block] = begin + np.searchsorted(sorted_values[block], sorted_values[block] - reach, side="left")
        high[block] = begin + np.searchsorted(sorted_values[block], sorted_values[block] + reach, side="right")
    start[order], size[order] = low, high - low
    skip[order], left_out[order] = np.arange(len(order)) - low, 1
    return Candidates(order, start, size, skip, left_out)


def from_edges(images: int, left: Indices, right: Indices) -> Candidates:
    """The partners `right` [E] of `left` [E], already without an image itself; N images."""
    by_left = np.argsort(left, kind="stable")
    size = np.bincount(left, minlength=images)
    nothing = np.zeros(images, np.int64)
    return Candidates(right[by_left], np.cumsum(size) - size, size, nothing, nothing)


def _blocks(*keys: Indices) -> tuple[Indices, Indices]:
    """For sorted keys [M]: where the run of equal keys that each place lies in begins, and how long it is."""
    count = len(keys[0])
    if count == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    fresh = np.ones(count, dtype=bool)
    fresh[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    first = np.flatnonzero(fresh)
    length = np.diff(np.append(first, count))
    block = np.cumsum(fresh) - 1
    return first[block], length[block]


def _count_up(lengths: Indices) -> Indices:
    """0, 1, … up to each length [G], one after another."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _distinct_places(limits: Indices, count: int, rng: np.random.Generator) -> Indices:
    """For each limit n [B], `count` different numbers below n, [B P]; all n of them in turn where n < count.

    Floyd's algorithm for all rows at once (Bentley and Floyd, CACM 1987), then a shuffle of each row.
    """
    chosen = np.full((len(limits), count), UNKNOWN, dtype=np.int64)
    for column in range(count):
        last = np.maximum(limits - count + column, 0)
        drawn = rng.integers(0, last + 1)
        taken = (chosen[:, :column] == drawn[:, None]).any(axis=1)
        chosen[:, column] = np.where(taken, last, drawn)
    chosen = rng.permuted(chosen, axis=1)
    turn = (rng.integers(0, limits)[:, None] + np.arange(count)) % limits[:, None]
    return np.where(limits[:, None] < count, turn, chosen)
