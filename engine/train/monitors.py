"""Whether a network still tells images apart: numbers taken at the end of each epoch, on a fixed sample.

The sample is seen in two fixed random views, in evaluation mode; labels, where there are any, are only compared with.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.methods import Method
from engine.train.batches import MONITORS, generator, torch_generator
from engine.train.config import TrainConfig
from engine.types import UNKNOWN, Indices
from engine.views.draw import draw, plain
from engine.views.recipe import Recipe

if TYPE_CHECKING:
    from engine.images.cache import PixelCache

FEWEST, MOST = 64, 512  # images in the sample; between them one in 20, which costs a fortieth of an epoch


class Monitor:
    """The sample, the same in every epoch. `labels` [N] are class codes, UNKNOWN where nobody labelled the image."""

    def __init__(self, cache: PixelCache, recipe: Recipe, config: TrainConfig, labels: Indices | None) -> None:
        rng = generator(config.seed, MONITORS)
        count = min(len(cache), max(FEWEST, min(MOST, len(cache) // 20)))
        self.cache, self.recipe, self.config = cache, recipe, config
        self.rows = np.sort(rng.choice(len(cache), count, replace=False))
        known = np.array([], np.int64) if labels is None else np.flatnonzero(labels != UNKNOWN)
        self.labelled = np.sort(rng.choice(known, min(len(known), MOST), replace=False))
        self.codes = torch.from_numpy(labels[self.labelled]) if labels is not None else torch.empty(0)

    @torch.no_grad()
    def measure(self, method: Method, device: torch.device) -> dict[str, float]:
        """The numbers by name: std_ratio, effective_rank, features, alignment, uniformity.

        Where at least two classes are labelled, also neighbour_agreement and chance_agreement.
        """
        method.eval()
        pixels = torch.from_numpy(self.cache.take(self.rows)).to(device)
        random = torch_generator(self.config.seed, MONITORS)
        views = [draw(pixels, self.recipe, self.config.size, random) for _ in range(2)]
        left, right = (F.normalize(method.project(view).float().cpu(), dim=1) for view in views)
        features = method.encoder(plain(pixels, self.config.size)).float().cpu()
        numbers = {
            "std_ratio": feature_std(left) * math.sqrt(left.shape[1]),
            "effective_rank": effective_rank(features),
            "features": float(features.shape[1]),
            "alignment": alignment(left, right),
            "uniformity": uniformity(left),
        }
        if len(np.unique(self.codes)) > 1:
            numbers |= self._agreement(method, device)
        method.train()
        return numbers

    def _agreement(self, method: Method, device: torch.device) -> dict[str, float]:
        pixels = torch.from_numpy(self.cache.take(self.labelled)).to(device)
        features = method.encoder(plain(pixels, self.config.size)).float().cpu()
        shares = torch.bincount(self.codes) / len(self.codes)
        return {
            "neighbour_agreement": neighbour_agreement(features, self.codes),
            "chance_agreement": shares.square().sum().item(),
        }


def feature_std(features: Tensor) -> float:
    """Standard deviation of unit vectors, mean over features: 1/√D where they point everywhere, 0 where all are alike.

    Chen and He, CVPR 2021, https://arxiv.org/abs/2011.10566, section 4.1.

    Args:
        features: [M D], of any length.
    """
    return F.normalize(features.float(), dim=1).std(dim=0, correction=0).mean().item()


def effective_rank(features: Tensor) -> float:
    """How many directions the features use: e to the entropy of the singular values' shares, from 1 to min(M, D).

    Roy and Vetterli, EUSIPCO 2007; as a sign of collapse, Garrido et al., ICML 2023, https://arxiv.org/abs/2210.02885.

    Args:
        features: [M D]. All alike have rank 1.
    """
    values = torch.linalg.svdvals(features.float())
    shares = values / values.sum().clamp(min=1e-12)
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


def neighbour_agreement(features: Tensor, codes: Tensor, count: int = 5) -> float:
    """Mean share of the nearest labelled images, by cosine and without the image itself, that have its class.

    Args:
        features: [M D], of labelled images only.
        codes: class [M].
        count: neighbours asked; fewer where there are fewer.
    """
    unit = F.normalize(features, dim=1)
    similarity = (unit @ unit.T).fill_diagonal_(-torch.inf)
    nearest = similarity.topk(min(count, len(codes) - 1), dim=1).indices
    return (codes[nearest] == codes[:, None]).float().mean().item()
