"""LDA filters: each layer begins with the directions in which the patches of different classes lie apart.

Alberti et al., HIP 2017, https://arxiv.org/abs/1710.07363. A patch has the class of its image, since labels here are
of whole images and not of pixels. Differs: Fisher's discriminants are at most one fewer than the classes, so the rest
of a layer's filters are the principal directions of what the discriminants leave (engine/initialisations/pca.py); the
scatter within classes is shrunk towards a sphere, or few labels would make it singular.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.errors import TooFewLabels
from engine.initialisations.base import INITIALISATIONS, Initialisation
from engine.initialisations.patches import Patches
from engine.initialisations.pca import one_sign, principal_directions
from engine.types import UNKNOWN

SHRINKAGE = 0.01  # share of the sphere in the scatter within classes


@INITIALISATIONS.register("lda")
class LDA(Initialisation):
    card: ClassVar[dict[str, object]] = {
        "when_to_use": "Where images of each class are labelled already, and small patches tell the classes apart.",
        "needs_labels": True,
    }

    def check(self, labels: Tensor) -> None:
        classes = len(set(labels[labels != UNKNOWN].tolist()))
        if classes < 2:
            raise TooFewLabels(
                f"LDA filters need labelled images of at least 2 classes; this project has {classes}. "
                "Label some on the Label screen, or start from pca, which needs none."
            )

    def directions(self, patches: Patches, count: int) -> Tensor:
        known = patches.labels != UNKNOWN
        found = discriminants(patches.values[known], patches.labels[known], SHRINKAGE)[:count]
        basis = torch.linalg.qr(found.T)[0]  # [D n]
        rest = patches.values - patches.values @ basis @ basis.T
        return torch.cat([found, principal_directions(rest, count - len(found))])


def discriminants(values: Tensor, labels: Tensor, shrinkage: float) -> Tensor:
    """Fisher's directions [at most L - 1, D], unit vectors, the best first: between over within scatter is largest.

    Args:
        values: [P D].
        labels: class [P], each known.
        shrinkage: share of the scatter within classes that is replaced by a sphere of the same mean variance.
    """
    classes, codes, counts = torch.unique(labels, return_inverse=True, return_counts=True)
    means = torch.zeros(len(classes), values.shape[1], dtype=values.dtype).index_add_(0, codes, values)
    means /= counts[:, None]
    residuals = values - means[codes]
    within = (residuals.T @ residuals / len(values)).double()
    within = (1 - shrinkage) * within + shrinkage * within.diagonal().mean() * torch.eye(len(within))
    apart = (
        (means - values.mean(dim=0)) * (counts / len(values)).sqrt()[:, None]
    ).T.double()  # between: apart @ apart.T
    solved = torch.linalg.solve(within, apart)
    ratios, mixes = torch.linalg.eigh(apart.T @ solved)  # [L L] has the same eigenvalues as [D D], but for zeros
    kept = (ratios > 1e-9 * ratios[-1].clamp(min=1e-12)).flip(0)[: len(classes) - 1]
    found = (solved @ mixes).flip(1).T[: len(classes) - 1][kept].float()
    return one_sign(F.normalize(found, dim=1))
