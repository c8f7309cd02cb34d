"""ProbCover: the images whose surroundings hold most images that no label covers yet.

Yehuda et al., NeurIPS 2022, https://arxiv.org/abs/2205.11320: a label covers the ball of radius δ around its image; one
after the other the image is chosen whose ball covers most of what is not covered. δ is the largest radius at which 95 %
of the balls are pure, that is of one k-means cluster, with as many clusters as classes: the 5 % quantile of the
distance to the nearest image of another cluster. Differs: above 4,000 images coverage is estimated, and images are
chosen, on a random sample, since all pairs would not fit in memory; when everything is covered δ is halved and the
covering begins again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.geometry.distances import distance_to_nearest, squared_distances
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.points import cluster_images, open_sample
from engine.settings import setting
from engine.types import Array, Floats, Indices

SAMPLE = 4_000  # images among which coverage is counted: 16 million pairs, a tenth of a second
SMALLEST = 1e-3  # radius below which balls hold nothing but their centre


@dataclass(frozen=True)
class ProbCoverConfig:
    """What ProbCover can be told."""

    purity: float = setting(
        0.95, "share of balls that shall hold one cluster only", minimum=0.5, maximum=0.999, symbol="α"
    )
    radius: float = setting(
        0.0, "radius of a ball between unit vectors; 0 finds it by purity", minimum=0, maximum=2, symbol="δ"
    )


@STRATEGIES.register("probcover")
class ProbCover:
    """ProbCover: the images whose surroundings hold most images that no label covers yet.

    Yehuda et al., NeurIPS 2022, https://arxiv.org/abs/2205.11320. For few labels, as TypiClust, without clusters of
    equal number: a large region may get several.
    """

    name: ClassVar[str]
    Config = ProbCoverConfig

    def __init__(self, config: ProbCoverConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        rows = open_sample(situation.open, max(SAMPLE, 2 * count), rng)
        points = situation.points[rows]
        near = squared_distances(points, points)
        radius = self.config.radius
        if not radius:
            cluster = cluster_images(points, min(max(2, situation.classes), len(points)), rng)
            radius = pure_radius(np.sqrt(near), cluster, self.config.purity)
        to_labelled = distance_to_nearest(points, situation.points[situation.labelled])
        chosen = cover(np.sqrt(near), radius, to_labelled, situation.open[rows], count)
        scale = len(situation.labels) / len(rows)
        return [Choice(int(rows[place]), float(size), _reason(round(size * scale))) for place, size in chosen]


def pure_radius(distances: Floats, cluster: Indices, purity: float) -> float:
    """The largest radius at which this share of balls holds one cluster only.

    Args:
        distances: between all images [M M].
        cluster: of each [M].
        purity: in (0, 1).
    """
    foreign = np.where(cluster[:, None] != cluster, distances, np.inf).min(axis=1)
    if not np.isfinite(foreign).all():  # one cluster: every ball is pure
        return float(distances.max())
    impure = int((1 - purity) * len(foreign))  # balls that may hold another cluster
    return float(np.nextafter(np.sort(foreign)[impure], 0))


def cover(distances: Floats, radius: float, to_labelled: Floats, allowed: Array, count: int) -> list[tuple[int, int]]:
    """Greedily the places whose balls cover most that is not covered, and how many images each adds.

    Args:
        distances: between all images [M M].
        radius: δ; halved whenever all is covered.
        to_labelled: distance to the nearest labelled image [M].
        allowed: bool [M], who may be chosen.
        count: how many.
    """
    balls, covered = distances <= radius, to_labelled <= radius
    allowed = allowed.copy()
    gains = balls[:, ~covered].sum(axis=1)
    chosen: list[tuple[int, int]] = []
    for _ in range(min(count, int(allowed.sum()))):
        while gains[allowed].max() == 0 and radius > SMALLEST:
            radius /= 2
            balls = distances <= radius
            covered = (to_labelled <= radius) | balls[[place for place, _ in chosen]].any(axis=0)
            gains = balls[:, ~covered].sum(axis=1)
        place = int(np.where(allowed, gains, -1).argmax())
        chosen.append((place, int(gains[place])))
        allowed[place] = False
        new = balls[place] & ~covered
        gains = gains - balls[:, new].sum(axis=1)
        covered |= new
    return chosen


def _reason(images: int) -> str:
    if images <= 1:
        return "lies by itself; all around it is covered"
    return f"speaks for about {images:,} images that no label covers"
