"""PCA filters: each layer begins with the directions in which what it sees varies most.

Seuret et al., ICDAR 2017, https://arxiv.org/abs/1702.00177, layer by layer; as PCANet, Chan et al., IEEE Transactions
on Image Processing 2015, https://arxiv.org/abs/1404.3606. Differs: all filters of a layer have one length, which makes
the mean variance of their answers 1; where a layer has more filters than its patches have directions, the rest are
random; batch norms take the images' statistics.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from engine.initialisations.base import INITIALISATIONS, Initialisation
from engine.initialisations.patches import Patches

EXACT = 1_024  # numbers of a patch up to which all its directions are computed
ITERATIONS, SPARE = 8, 32  # of the approximation beyond it, and directions that it carries along


@INITIALISATIONS.register("pca")
class PCA(Initialisation):
    card: ClassVar[dict[str, object]] = {
        "when_to_use": "In place of random weights, where there is little time to train. Needs no labels.",
        "needs_labels": False,
    }

    def directions(self, patches: Patches, count: int) -> Tensor:
        return principal_directions(patches.values, count)


def principal_directions(values: Tensor, count: int) -> Tensor:
    """The directions [at most count, D] in which values [P D] vary most, unit vectors, the most first.

    Directions without variance are left out. The largest number of each is positive, so that the result is unique.
    """
    centred = values - values.mean(dim=0)
    variances, vectors = leading(centred.T @ centred, count)
    kept = variances > 1e-6 * variances[0]
    return one_sign(vectors.T[kept].float())


def leading(matrix: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The largest eigenvalues [count], falling, of a symmetric matrix [D D] ≥ 0, and its eigenvectors [D count].

    A large matrix is first narrowed to the space of those wanted by orthogonal iteration: to its end it would take
    minutes. The last few of them are then approximate.
    """
    size, wide = len(matrix), count + SPARE
    if size <= EXACT or wide >= size:
        values, vectors = torch.linalg.eigh(matrix.double())
        return values.flip(0)[:count], vectors.flip(1)[:, :count]
    basis = torch.randn(size, wide, generator=torch.Generator().manual_seed(0))
    for _ in range(ITERATIONS):
        basis = torch.linalg.qr(matrix @ basis)[0]
    values, mixes = torch.linalg.eigh((basis.T @ matrix @ basis).double())
    return values.flip(0)[:count], basis.double() @ mixes.flip(1)[:, :count]


def one_sign(directions: Tensor) -> Tensor:
    """Directions [n D] with the largest number of each made positive."""
    return directions * directions.gather(1, directions.abs().argmax(dim=1, keepdim=True)).sign()
