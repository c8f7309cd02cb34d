"""None of these: images unlike every labelled one, and the groups they make, as candidates for new classes.

An image's score is its distance to the nearest labelled image, as in Sun et al., ICML 2022,
https://arxiv.org/abs/2204.06507, then a mean over the neighbour graph, since a class nobody has named yet is many
images side by side. Its p-value is conformal: the share of labelled images that, left out, score at least as high
(Bates et al., Annals of Statistics 2023, https://arxiv.org/abs/2104.08279, without its split). Differs: the nearest one
(k = 1), since labels are few; the graph mean; each labelled image is left out in turn, in place of a calibration set.

Were the labelled images drawn at random, at most a share LEVEL of the images of known classes would fall below LEVEL.
Suggested images are no such draw, so take p as an order and not as a promise. Measured with one class hidden and labels
of the others drawn at random (breast tissue spots, photographs, turntable objects; frozen ImageNet features): an image
of the hidden class scored above one of the others in 68, 69 and 86 of 100 pairs at 30 labels and in 77, 72 and 98 at
100, where chance gives 50; 0.4 to 5.4 % of the known classes' images fell below 5 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array

from engine.classify.base import BLOCK, Task
from engine.types import UNKNOWN, Array, Floats, Indices

LEVEL = 0.05  # p-value up to which an image is a candidate
FEWEST = 19  # labels under which no p-value reaches LEVEL: 1 / (19 + 1)
ALPHA, STEPS = 0.9, 10  # of the mean over the graph: share taken from the neighbours, and how often
NUMBERS = 4_000_000  # in the systems that leave labels out: fewer labels are left out of more images
MOST_LEFT_OUT = 400
GROUPED = 2_000  # candidates that are put into groups, the most unlike; their distances fit in memory
SMALLEST = 3  # images of a group
PAIRS = 200  # labelled images whose distances say how wide a class is


@dataclass(frozen=True, eq=False)
class Unlikeness:
    """How unlike all labelled images each image is."""

    scores: Floats  # [N] smoothed distance to the nearest labelled image, 1 - cosine; higher is less alike
    left_out: Floats  # [E] the same of labelled images, each without its own label
    p: Floats  # [N] in (0, 1]


def unlikeness(task: Task) -> Unlikeness:
    """Score every image of a task of two labels or more."""
    first, second, nearest = _two_nearest(task)
    average = _row_average(task.affinity)
    scores: Array = first
    for _ in range(STEPS):
        scores = (1 - ALPHA) * first + ALPHA * (average @ scores)
    judged = task.support
    most = int(np.clip(NUMBERS / len(first), 2 * FEWEST, MOST_LEFT_OUT))
    if len(judged) > most:
        judged = np.sort(np.random.default_rng(0).choice(judged, most, replace=False))
    weights = _weights(average, judged)  # [N E]
    place = np.searchsorted(task.support, judged)
    farther = second - first
    own = [weights[nearest == one, column] @ farther[nearest == one] for column, one in enumerate(place)]
    left_out = (weights.T @ first + np.asarray(own, np.float32)).astype(np.float32)
    above = len(left_out) - np.searchsorted(np.sort(left_out), scores, side="left")
    return Unlikeness(scores.astype(np.float32), left_out, ((1 + above) / (1 + len(left_out))).astype(np.float32))


def candidates(task: Task, found: Unlikeness, level: float = LEVEL) -> Indices:
    """Rows of the images without label whose p-value is at most `level`, the most unlike first."""
    rows = np.flatnonzero((found.p <= level) & (task.labels == UNKNOWN))
    order: Indices = rows[np.argsort(-found.scores[rows], kind="stable")]
    return order


def groups(task: Task, rows: Indices) -> list[Indices]:
    """Candidates [C] that are as alike as images of one class are; largest groups first, in each its middle first.

    Groups by average linkage, cut where two images of the same class lie apart on average. Images that are like no
    other candidate are left out.
    """
    rows = rows[:GROUPED]
    if len(rows) < SMALLEST:
        return []
    points = task.directions[rows]
    distances = np.maximum(1 - points @ points.T, 0)
    tree = linkage(distances[np.triu_indices(len(rows), 1)], method="average")
    member = fcluster(tree, _width_of_a_class(task), criterion="distance")
    found = []
    for one in np.unique(member):
        inside = np.flatnonzero(member == one)
        if len(inside) >= SMALLEST:
            middle = distances[np.ix_(inside, inside)].mean(axis=1)
            found.append(rows[inside[np.argsort(middle, kind="stable")]])
    return sorted(found, key=lambda group: -len(group))


def _two_nearest(task: Task) -> tuple[Floats, Floats, Indices]:
    """Distance of each image to its nearest labelled one [N], to the next [N], and which is nearest [N].

    A labelled image is its own nearest, at distance 0.
    """
    support = task.directions[task.support]
    first, second = np.empty((2, len(task.directions)), np.float32)
    nearest = np.empty(len(first), np.int64)
    for start in range(0, len(first), BLOCK):
        block = slice(start, start + BLOCK)
        cosines = task.directions[block] @ support.T
        two = np.partition(cosines, -2, axis=1)[:, -2:]
        first[block], second[block], nearest[block] = 1 - two[:, 1], 1 - two[:, 0], cosines.argmax(axis=1)
    nearest[task.support], first[task.support] = np.arange(len(support)), 0
    return np.maximum(first, 0), np.maximum(second, 0), nearest


def _row_average(affinity: csr_array) -> csr_array:
    """The mean over each image's neighbours, as a matrix [N N]; an image without neighbours keeps its own value."""
    total = np.asarray(affinity.sum(axis=1)).ravel()
    lonely = total <= 0
    starts = affinity.indptr
    scaled = csr_array(
        (affinity.data / np.repeat(np.where(lonely, 1, total), np.diff(starts)), affinity.indices, starts)
    )
    own = csr_array((lonely.astype(scaled.dtype), (np.arange(len(total)), np.arange(len(total)))), shape=affinity.shape)
    average: csr_array = (scaled + own).astype(np.float32) if lonely.any() else scaled.astype(np.float32)
    return average


def _weights(average: csr_array, rows: Indices) -> Floats:
    """How much each image counts in the smoothed score of these rows [N E]."""
    begin = np.zeros((average.shape[0], len(rows)), np.float32)
    begin[rows, np.arange(len(rows))] = 1
    back = average.T.tocsr()
    weights: Array = begin
    for _ in range(STEPS):
        weights = (1 - ALPHA) * begin + ALPHA * (back @ weights)
    return weights


def _width_of_a_class(task: Task) -> float:
    """Mean distance between two labelled images of the same class; between any two where no class has two."""
    rng = np.random.default_rng(0)
    chosen = task.support if len(task.support) <= PAIRS else rng.choice(task.support, PAIRS, replace=False)
    points, codes = task.directions[chosen], task.labels[chosen]
    distances = 1 - points @ points.T
    pairs: Array = ~np.eye(len(chosen), dtype=bool)
    same = pairs & (codes[:, None] == codes)
    return max(float(distances[same if same.any() else pairs].mean()), 1e-6)
