"""Same group: two images that share a value of a column (patient, slide, field, sequence) show the same thing.

Azizi et al., ICCV 2021, https://arxiv.org/abs/2101.05224 (MICLe: two images of one patient are a positive pair).
Differs: any column, a share of the pairs instead of all, several partners at once; an image that has no partner is
paired with itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.images.table import Groups, ImageTable
from engine.priors.base import PRIORS, Coverage, Prior
from engine.settings import setting
from engine.types import UNKNOWN, Indices

GIANT = 0.5  # share of the images in one group from which on its pairs say nearly nothing
NEARLY_ALL = 0.9  # share of values that occur once from which on the column names single images


@PRIORS.register("same_group")
@dataclass(frozen=True)
class SameGroup(Prior):
    column: str = setting("patient", "column of the image table whose equal values make pairs")
    share: float = setting(0.5, "share of the pairs taken from another image of the group", minimum=0, maximum=1)
    mask: bool = setting(
        True, "tell the method which images of a batch are of one group, so that it need not push them apart"
    )

    def pairs(self, table: ImageTable, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        return draw_partners(table.groups(self.column), anchors, count, rng)

    def check(self, table: ImageTable) -> Coverage:
        groups = table.groups(self.column)
        size = groups.size
        paired = int(size[size > 1].sum())
        largest = int(size.max(initial=0))
        return Coverage(
            images=len(table),
            with_partner=paired,
            groups=int((size > 1).sum()),
            median_group=float(np.median(size)) if len(size) else 0.0,
            largest_group=largest,
            sentence=self._sentence(len(table), paired, int((size > 1).sum())),
            warnings=tuple(self._warnings(table, groups, largest)),
        )

    def groups(self, table: ImageTable) -> Indices | None:
        return table.groups(self.column).codes if self.mask else None

    def describe(self) -> str:
        return f"same {self.column}"

    def _sentence(self, images: int, paired: int, groups: int) -> str:
        if not paired:
            return f"No image has a partner by “{self.column}”; every image would be paired with itself."
        all_or_some = "All" if paired == images else f"{paired:,} of"
        rest = f"; the other {images - paired:,} are paired with themselves" if paired < images else ""
        return f"{all_or_some} {images:,} images have a partner by “{self.column}”, in {groups:,} groups{rest}."

    def _warnings(self, table: ImageTable, groups: Groups, largest: int) -> list[str]:
        named = int((groups.codes != UNKNOWN).sum())
        found = []
        if named == 0:
            return [f"The column “{self.column}” is empty. Choose another, or fill it in on the Data screen."]
        if named < len(table):
            found.append(f"{len(table) - named:,} images have no “{self.column}”.")
        if (groups.size == 1).sum() > NEARLY_ALL * len(groups.size):
            found.append(
                f"Nearly every value of “{self.column}” belongs to one image only, so there is little to pair. "
                "A coarser column (patient, slide) would say more."
            )
        if largest > GIANT * len(table):
            found.append(
                f"One group holds {largest:,} of {len(table):,} images; two of them need have nothing in common. "
                "A finer column (slide, field) would say more."
            )
        return found


def draw_partners(groups: Groups, anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
    """Other members of each anchor's group, uniformly, all distinct where the group has enough of them.

    Each draw is among the first size - 1 places of the group; whoever draws the anchor's own place gets the last
    place instead. So the work is that of the batch, whatever the number of images. Where a group has fewer than
    `count` others, each of them comes in turn, from a random place on.

    Args:
        groups: of all images.
        anchors: rows [B].
        count: partners for each, P ≥ 1.
        rng: where the choice comes from.

    Returns:
        Rows [B P]; the anchor's own row where its group has no other member.
    """
    code = groups.codes[anchors]
    paired = code != UNKNOWN
    paired[paired] = groups.size[code[paired]] > 1
    partners = np.repeat(anchors[:, None], count, axis=1)
    if not paired.any():
        return partners
    anchor, group = anchors[paired, None], code[paired]
    first, others = groups.start[group, None], groups.size[group] - 1
    drawn = groups.order[first + _distinct_places(others, count, rng)]  # [B' P]
    partners[paired] = np.where(drawn == anchor, groups.order[first + others[:, None]], drawn)
    return partners


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
