"""Whether a network still tells images apart: numbers taken at the end of each epoch, on a fixed sample.

The sample is seen in two fixed random views, in evaluation mode; labels, where there are any, are only compared with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.methods import Method
from engine.methods.heads import full_precision
from engine.train.batches import MONITORS, generator, torch_generator
from engine.train.config import TrainConfig
from engine.types import UNKNOWN, Indices
from engine.views.draw import draw, plain
from engine.views.recipe import Recipe

if TYPE_CHECKING:
    from engine.images.cache import PixelCache

FEWEST, MOST = 64, 512  # images in the sample; between them one in 20, which costs a fortieth of an epoch
STEADY = 1e-7  # ε of RankMe in float32


@dataclass(frozen=True)
class Support:
    """What a person has said of the images: compared with, never learnt from."""

    labels: Indices  # class code per image [N], UNKNOWN where nobody labelled it
    groups: Indices | None = None  # [N], UNKNOWN for none, such as the patient: neighbours of the own one do not vote


class Monitor:
    """The sample, the same in every epoch."""

    def __init__(self, cache: PixelCache, recipe: Recipe, config: TrainConfig, support: Support | None) -> None:
        rng = generator(config.seed, MONITORS)
        count = min(len(cache), max(FEWEST, min(MOST, len(cache) // 20)))
        self.cache, self.recipe, self.config = cache, recipe, config
        self.rows = np.sort(rng.choice(len(cache), count, replace=False))
        support = support or Support(np.full(len(cache), UNKNOWN))
        known = np.flatnonzero(support.labels != UNKNOWN)
        self.labelled = np.sort(rng.choice(known, min(len(known), MOST), replace=False))
        self.codes = torch.from_numpy(support.labels[self.labelled])
        self.groups = None if support.groups is None else torch.from_numpy(support.groups[self.labelled])

    @torch.no_grad()
    def measure(self, method: Method, device: torch.device) -> dict[str, float]:
        """The numbers by name: std_ratio, rankme, features, alignment, uniformity.

        Where at least two classes are labelled (in several groups, if there are groups), also knn and knn_chance.
        """
        method.eval()
        pixels = torch.from_numpy(self.cache.take(self.rows)).to(device)
        random = torch_generator(self.config.seed, MONITORS)
        views = [draw(pixels, self.recipe, self.config.size, random) for _ in range(2)]
        left, right = (F.normalize(method.project(view).float().cpu(), dim=1) for view in views)
        features = method.encoder(plain(pixels, self.config.size)).float().cpu()
        numbers = {
            "std_ratio": feature_std(left) * math.sqrt(left.shape[1]),
            "rankme": rankme(features),
            "features": float(features.shape[1]),
            "alignment": alignment(left, right),
            "uniformity": uniformity(left),
        }
        if len(np.unique(self.codes)) > 1:
            numbers |= self._knn(method, device)
        method.train()
        return numbers

    def _knn(self, method: Method, device: torch.device) -> dict[str, float]:
        pixels = torch.from_numpy(self.cache.take(self.labelled)).to(device)
        features = method.encoder(plain(pixels, self.config.size)).float().cpu()
        with full_precision(features):
            score, classes = weighted_knn(features, self.codes, self.groups)
        return {"knn": score, "knn_chance": 1 / classes} if classes > 1 else {}


def feature_std(features: Tensor) -> float:
    """Standard deviation of unit vectors, mean over features: 1/√D where they point everywhere, 0 where all are alike.

    Chen and He, CVPR 2021, https://arxiv.org/abs/2011.10566, section 4.1.

    Args:
        features: [M D], of any length.
    """
    return F.normalize(features.float(), dim=1).std(dim=0, correction=0).mean().item()


def rankme(features: Tensor) -> float:
    """RankMe: how many directions the features use, e to the entropy of the singular values' shares, 1 to min(M, D).

    Garrido et al., ICML 2023, https://arxiv.org/abs/2210.02885, equation 1; here of the encoder's features, on a sample
    that is smaller than theirs of 25,600, so that it is a floor of the true one.

    Args:
        features: [M D], not centred. All alike have rank 1.
    """
    values = torch.linalg.svdvals(features.float())
    shares = values / values.sum().clamp(min=STEADY) + STEADY
    return float(torch.special.entr(shares).sum().exp())


def alignment(left: Tensor, right: Tensor) -> float:
    """Mean squared distance of the unit vectors [M D] of two views of the same images: 0 is perfect.

    Wang and Isola, ICML 2020, https://arxiv.org/abs/2005.10242.
    """
    return (left - right).square().sum(dim=1).mean().item()


def uniformity(features: Tensor) -> float:
    """Log of the mean of e to -2 times the squared distance, over pairs of unit vectors [M D]: 0 where all are alike,
    towards -4 where they fill the sphere.

    Wang and Isola, ICML 2020, https://arxiv.org/abs/2005.10242.
    """
    return torch.pdist(features).square().mul(-2).exp().mean().log().item()


def weighted_knn(
    features: Tensor, codes: Tensor, groups: Tensor | None = None, count: int = 20, temperature: float = 0.07
) -> tuple[float, int]:
    """Balanced accuracy of labelled images' classes as their nearest labelled neighbours vote, each left out in turn.

    A neighbour's vote is exp(cos / τ): Wu et al., CVPR 2018, https://arxiv.org/abs/1805.01978, section 3.4, who take
    200 neighbours of a million. An image whose class nobody labelled in another group cannot be right and is not asked.

    Args:
        features: [M D], of labelled images only.
        codes: class [M], 0 and up.
        groups: [M], UNKNOWN for none; an image and its neighbours are never of one group. None: each is its own.
        count: neighbours that vote; fewer where there are fewer.
        temperature: τ, > 0.

    Returns:
        Mean over the classes of the share that is right, 0 where no class can be asked; and how many classes were.
    """
    together = torch.eye(len(codes), dtype=torch.bool)
    if groups is not None:
        together |= (groups[:, None] == groups) & (groups != UNKNOWN)
    asked = ((codes[:, None] == codes) & ~together).any(dim=1)
    if not asked.any():
        return 0.0, 0
    unit = F.normalize(features, dim=1)
    similarity = (unit @ unit.T).masked_fill(together, -torch.inf)
    nearest, rows = similarity.topk(min(count, len(codes) - 1), dim=1)
    votes = torch.zeros(len(codes), int(codes.max()) + 1)
    votes.scatter_add_(1, codes[rows], ((nearest - 1) / temperature).exp())  # less 1: the votes' shares stay the same
    right = (votes.argmax(dim=1) == codes).float()
    classes = torch.unique(codes[asked])
    return float(torch.stack([right[asked & (codes == one)].mean() for one in classes]).mean()), len(classes)
