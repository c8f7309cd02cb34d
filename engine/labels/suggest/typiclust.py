"""TypiClust: the most typical image of each large region that has no label yet.

Hacohen et al., ICML 2022, https://arxiv.org/abs/2202.02794, algorithm 1. Follows the authors' code: as many clusters
as there are labels and wishes together; those with the fewest labels first, among these the largest first; from each
the image with the highest typicality; clusters of 5 or fewer left out. Differs: features are centred, reduced to 64
principal components and brought to length 1 before clustering, which is faster and no worse; above 5,000 images axes
and centres come from a sample; typicality is taken over the nearest neighbours in the whole data set, as equation 1 has
it and the authors' code does not, because the graph holds them already; an image that was skipped is never chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.geometry.components import COMPONENTS, principal_components
from engine.geometry.neighbours import Graph
from engine.labels.suggest.base import STRATEGIES, Choice, Situation
from engine.labels.suggest.points import cluster_images
from engine.settings import setting
from engine.types import UNKNOWN, Floats, Indices

TOO_SMALL = 5  # images; a cluster of so few has no typical one


@dataclass(frozen=True)
class TypiClustConfig:
    """What TypiClust can be told."""

    neighbours: int = setting(20, "neighbours over which typicality is taken", minimum=1, maximum=30, symbol="K")
    clusters: int = setting(500, "most clusters that are made", minimum=2, maximum=2_000, advanced=True)
    components: int = setting(
        COMPONENTS, "principal components that are clustered", minimum=2, maximum=512, advanced=True
    )


@STRATEGIES.register("typiclust")
class TypiClust:
    """TypiClust: the most typical image of each large region that has no label yet.

    Hacohen et al., ICML 2022, https://arxiv.org/abs/2202.02794. Dense, diverse, one for each region: the choice to
    begin with, when there are few labels.
    """

    name: ClassVar[str]
    Config = TypiClustConfig

    def __init__(self, config: TypiClustConfig) -> None:
        self.config = config

    def choose(self, situation: Situation, count: int, rng: np.random.Generator) -> list[Choice]:
        labelled = int((situation.labels != UNKNOWN).sum())
        wanted = min(labelled + count, self.config.clusters, len(situation.labels))
        points = situation.points
        if self.config.components != COMPONENTS:
            points = principal_components(situation.whole.vectors, self.config.components, rng)
        cluster = cluster_images(points, wanted, rng)
        typical = typicality(situation.graph, self.config.neighbours)
        size = np.bincount(cluster, minlength=wanted)
        covered = np.bincount(cluster[situation.labels != UNKNOWN], minlength=wanted)
        choices = []
        for row in pick(cluster, typical, size, covered, situation.open, count):
            reason = _reason(int(size[cluster[row]]), int(covered[cluster[row]]))
            choices.append(Choice(row, float(typical[row]), reason))
        return choices


def typicality(graph: Graph, count: int) -> Floats:
    """1 / mean distance to the nearest neighbours [N]; distances between unit vectors, √(2 - 2 cos)."""
    distances = np.sqrt(np.maximum(2 - 2 * graph.similarities[:, :count], 0))
    mean = distances.mean(axis=1) if distances.shape[1] else np.zeros(len(graph))
    typical: Floats = (1 / (mean + 1e-5)).astype(np.float32)
    return typical


def pick(cluster: Indices, typical: Floats, size: Indices, covered: Indices, allowed: Indices, count: int) -> list[int]:
    """Rows: one from each cluster in turn, fewest labels first, then largest first; a second round where needed.

    Args:
        cluster: of each image [N].
        typical: typicality [N].
        size, covered: images and labelled images of each cluster.
        allowed: bool [N], images that may be chosen.
    """
    order = np.lexsort((-size, covered))
    large = order[size[order] > TOO_SMALL]
    rounds = [*large, *order[size[order] <= TOO_SMALL]]  # tiny ones only when all others are used up
    by_typicality = np.flatnonzero(allowed)[np.argsort(-typical[allowed], kind="stable")]
    waiting: dict[int, list[int]] = {int(one): [] for one in order}
    for row in by_typicality[::-1]:
        waiting[int(cluster[row])].append(int(row))
    chosen: list[int] = []
    while len(chosen) < min(count, len(by_typicality)):
        turn = large if any(waiting[int(one)] for one in large) else rounds
        chosen += [waiting[int(one)].pop() for one in turn if waiting[int(one)]]
    return chosen[:count]


def _reason(size: int, labelled: int) -> str:
    if labelled == 0:
        return f"centre of {size:,} images alike, none labelled"
    return f"centre of {size:,} images alike, {labelled:,} labelled"
