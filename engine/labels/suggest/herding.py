"""Uncertainty herding: the image that best stands for those in doubt that no label stands for yet.

Bae, Oliveira and Sutherland, ICLR 2025, https://arxiv.org/abs/2412.20644: a label covers another image by the kernel
e^(-‖x - x'‖² / σ²); one after the other the image is chosen that adds most to Σ weight(x) · max cover(x) over all
images x, their weight being the doubt about them. Without doubt this is MaxHerding, Bae et al., ECCV 2024,
https://arxiv.org/abs/2407.12212, as which it begins. Differs: images are compared where averages over the graph put
them (propagate/average.py), with five labels a class 1 to 2 points better on three of five real sets and 1 worse on
two, with one label 0 to 4 better on four and 2 worse on one; σ² is a share of the mean squared distance to the
nearest label, so that it shrinks as labels come in (the paper takes the least distance between two labels), and twice
the median one to the 15th neighbour while there is none; doubt is 1 - margin of the answers as they stand; above 4,000
images coverage is counted, and images are chosen, on a random sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.base import in_blocks
from engine.geometry.distances import distance_to_nearest, squared_distances
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.doubt import between
from engine.labels.suggest.points import open_sample
from engine.settings import setting
from engine.types import Array, Floats

AROUND = 15  # which neighbour tells the first width
SAMPLE = 4_000  # images among which coverage is counted: 16 million pairs, half a second
NARROWEST = 1e-4  # σ², where every image has a label as good as on it


@dataclass(frozen=True)
class HerdingConfig:
    """What uncertainty herding can be told."""

    width: float = setting(
        0.5, "of the kernel, in mean squared distances to the nearest label", minimum=0.05, maximum=5, symbol="σ²"
    )
    begin: int = setting(2, "labels a class from which doubt counts", minimum=0, maximum=100)


@STRATEGIES.register("herding")
class Herding:
    """Uncertainty herding: the image that best stands for those in doubt that no label stands for yet.

    Bae et al., ICLR 2025, https://arxiv.org/abs/2412.20644. Covers the images while labels are few and asks about
    doubtful ones later, without a switch between the two.
    """

    name: ClassVar[str]
    Config = HerdingConfig

    def __init__(self, config: HerdingConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        rows = open_sample(situation.open, max(SAMPLE, 2 * count), rng)
        points = situation.averages[rows]
        near = squared_distances(points, points)
        to_label = distance_to_nearest(points, situation.averages[situation.labelled]) ** 2
        if len(situation.labelled):
            width = self.config.width * float(to_label.mean())
        else:
            width = 2 * float(np.median(nth_smallest(near, AROUND)))
        width = max(width, NARROWEST)
        doubtful = situation.answerable and len(situation.labelled) >= self.config.begin * situation.met
        weights = 1 - situation.margin[rows] if doubtful else np.ones(len(rows), np.float32)
        chosen = herd(np.exp(-near / width), np.exp(-to_label / width), weights, situation.open[rows], count)
        scale = len(situation.labels) / len(rows)
        return [
            Choice(int(rows[place]), gain, _reason(situation, int(rows[place]), round(images * scale), doubtful))
            for place, gain, images in chosen
        ]


def herd(cover: Floats, covered: Floats, weights: Floats, allowed: Array, count: int) -> list[tuple[int, float, int]]:
    """Greedily the places that add most to Σ weight · max cover, what each adds, and to how many images it is nearest.

    A gain never grows as more is covered, so only those that may be the largest are worked out again: Minoux,
    Accelerated greedy algorithms, 1978, https://doi.org/10.1007/BFb0006528.

    Args:
        cover: how far one image covers another [M M], in [0, 1], symmetric.
        covered: how far each is covered by the labels there are [M].
        weights: of each [M], ≥ 0.
        allowed: bool [M], who may be chosen.
        count: how many.
    """
    weights = weights.astype(np.float32)
    gains = np.where(allowed, in_blocks(cover, lambda block: np.maximum(block - covered, 0) @ weights), -np.inf)
    chosen: list[tuple[int, float, int]] = []
    for _ in range(min(count, int(allowed.sum()))):
        known = -1
        while (place := int(gains.argmax())) != known:
            gains[place] = np.maximum(cover[place] - covered, 0) @ weights
            known = place
        chosen.append((place, float(gains[place]), int((cover[place] > covered).sum())))
        covered = np.maximum(covered, cover[place])
        gains[place] = -np.inf
    return chosen


def nth_smallest(values: Floats, place: int) -> Floats:
    """The value at this place of each row in order [N]; the last where rows are shorter."""
    place = min(place, values.shape[1] - 1)
    found: Floats = in_blocks(values, lambda block: np.partition(block, place, axis=1)[:, place])
    return found


def _reason(situation: Situation, row: int, images: int, doubtful: bool) -> str:
    stands = f"stands for {images:,} images" if images > 1 else "lies by itself"
    return f"{between(situation, row)}; {stands}" if doubtful else stands
