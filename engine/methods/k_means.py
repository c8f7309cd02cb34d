"""k-means and what DeepCluster does around it: whitening before, and how much two clusterings agree after."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.methods.heads import directions

NUDGE = 1e-3  # how far, relative to its length, the new centre of an empty cluster is from that which it splits
SMALLEST = 1e-6  # variance, relative to the largest, of a direction that counts as one


def whiten(features: Tensor, most: int) -> Tensor:
    """Features [N D] → unit vectors [N E]: the `most` strongest principal directions, each of variance 1 before."""
    centred = features.double() - features.double().mean(dim=0)
    values, vectors = torch.linalg.eigh(centred.T @ centred / max(1, len(features) - 1))  # from the weakest
    values, vectors = values.flip(0)[:most], vectors.flip(1)[:, :most]
    real = values > SMALLEST * values[0].clamp(min=torch.finfo(torch.float32).tiny)
    return directions(centred @ (vectors[:, real] / values[real].sqrt()))


def k_means(vectors: Tensor, centres: Tensor, iterations: int, random: torch.Generator) -> Tensor:
    """The nearest centre [N] of each vector after Lloyd's iterations; none has no vector if there are enough.

    An empty cluster takes half of another's, drawn at random: Caron et al., ECCV 2018, section 3.3.

    Args:
        vectors: [N E], float32.
        centres: [K E] to begin from.
        iterations: at most; fewer where nothing moves any more.
        random: numbers for the empty clusters.
    """
    nearest = _nearest(vectors, centres)
    for _ in range(iterations):
        counts = nearest.bincount(minlength=len(centres))
        sums = torch.zeros_like(centres).index_add_(0, nearest, vectors)
        centres = sums / counts[:, None].clamp(min=1)
        centres = _fill(centres, counts, random)
        before, nearest = nearest, _nearest(vectors, centres)
        if torch.equal(before, nearest):
            break
    return nearest


def agreement(one: Tensor, other: Tensor) -> float:
    """Normalised mutual information of two clusterings [N]: I / √(H H'), 0 where unrelated and 1 where the same.

    Caron et al., ECCV 2018, equation 3. A clustering into one cluster tells nothing: 0.
    """
    pairs = (one * (int(other.max()) + 1) + other).bincount()
    joint, left, right = _entropy(pairs), _entropy(one.bincount()), _entropy(other.bincount())
    return (left + right - joint) / (left * right) ** 0.5 if left * right > 0 else 0.0


def _nearest(vectors: Tensor, centres: Tensor) -> Tensor:
    """The centre [N] of least distance; the length of a vector itself plays no part."""
    return (vectors @ centres.T - centres.square().sum(dim=1) / 2).argmax(dim=1)


def _fill(centres: Tensor, counts: Tensor, random: torch.Generator) -> Tensor:
    """Put the centre of each empty cluster beside that of one that has several vectors, while there are such."""
    empty, several = (counts == 0).nonzero()[:, 0], (counts > 1).nonzero()[:, 0]
    count = min(len(empty), len(several))
    if count == 0:
        return centres
    split = several[torch.randperm(len(several), generator=random)[:count]]
    nudge = NUDGE * directions(torch.randn(centres[split].shape, generator=random))
    return centres.index_copy(0, empty[:count], centres[split] + nudge * centres[split].norm(dim=1, keepdim=True))


def _entropy(counts: Tensor) -> float:
    """Of shares in proportion to the counts, in nats."""
    return float(torch.special.entr(counts.double() / counts.sum()).sum())
