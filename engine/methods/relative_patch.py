"""Relative patch: shown two patches of an image, the network says where the second lies around the first.

Doersch et al., ICCV 2015, https://arxiv.org/abs/1505.05192: a middle patch and its eight neighbours in a 3x3 grid with
a gap and jitter, one encoder for both patches of a pair, and their guard against the fringes of colour that a lens
leaves (section 3.1). Differs: all eight neighbours are asked about in each step, of one middle patch an image; patches
are cut from a view, whose side is 3 patches and the gaps, and drawn at the smallest size that the encoder takes, so
that small views give coarse patches; each patch loses its own mean colour; no patch is blurred at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import full_precision, mlp
from engine.methods.joint import joint_mean
from engine.settings import setting
from engine.views.draw import MEAN, SPREAD
from engine.views.recipe import Recipe

PLACES = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))  # of a neighbour: right, down


@METHODS.register("relative_patch")
class RelativePatch(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "pretext",
        "when_to_use": "For photographs of things with parts, from 64 pixels on. Of little use for tissue and pictures "
        "from above, which look alike everywhere.",
        "assumes": "Parts of a thing lie in a known order and there is an up. Partners are of no use to it.",
        "cost": "medium",
        "minimum_batch": 16,
        "views": 1,
    }

    @dataclass(frozen=True)
    class Config:
        gap: float = setting(
            0.5, "between two patches, so that lines do not run on", minimum=0, maximum=1, unit="patches"
        )
        jitter: float = setting(
            0.07, "largest shift of each patch to either side", minimum=0, maximum=0.5, unit="patches", advanced=True
        )
        projection: bool = setting(
            True,
            "take green against magenta out, which guards against fringes of colour",
            advanced=True,
        )
        hidden: int = setting(256, "features of the classifier", minimum=2, maximum=8192, advanced=True)

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.classifier = mlp(2 * encoder.width, config.hidden, len(PLACES))

    def recipe(self, asked: Recipe) -> Recipe:
        """Most of the image, so that its parts are there, and nothing that moves up or down."""
        return replace(asked, crop=max(asked.crop, 0.6), crop_largest=1, rotation=0, flip_vertical=False)

    def project(self, images: Tensor) -> Tensor:
        features: Tensor = self.encoder(images)
        return features

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images = batch.views.flatten(0, 1)
        shift = batch.uniform(len(batch.views), 1 + len(PLACES), 2).transpose(0, 1).flatten(0, 1)
        cut = self.patches(images, 2 * shift - 1)
        features = self.encoder(cut.flatten(0, 1)).view(*cut.shape[:2], -1)
        middle, around = features[:, :1].expand(-1, len(PLACES), -1), features[:, 1:]
        logits = self.classifier(torch.cat([middle, around], dim=2).flatten(0, 1))
        places = torch.arange(len(PLACES), device=images.device).repeat(len(images))
        with full_precision(logits):
            each = F.cross_entropy(logits.float(), places, reduction="none")
            total = joint_mean(each.view(len(images), -1).mean(dim=1))
        right = joint_mean((logits.argmax(dim=1) == places).float().view(len(images), -1).mean(dim=1))
        return {"total": total, "trivial": torch.full_like(total, math.log(len(PLACES))), "right": right}

    def patches(self, images: Tensor, shift: Tensor) -> Tensor:
        """The middle patch of each image and its neighbours in the order of PLACES, [B 9 3 s s].

        Args:
            images: views [B 3 S S].
            shift: right and down of each patch [B 9 2], in shares of the largest jitter, from -1 to 1.
        """
        gap, jitter = self.config.gap, self.config.jitter
        half = 1 / (3 + 2 * gap + 2 * jitter)  # of a patch's side, where the view's is 2
        size = max(self.encoder.smallest_size, round(half * images.shape[-1]))
        places = torch.tensor([(0, 0), *PLACES], device=images.device)
        centres = 2 * half * ((1 + gap) * places + jitter * shift)  # [B 9 2]
        ticks = (torch.arange(size, device=images.device) + 0.5) * (2 * half / size) - half
        along_x, along_y = (centres[..., axis, None] + ticks for axis in (0, 1))  # [B 9 s]
        grid = torch.stack(
            [
                along_x[:, :, None, :].expand(-1, -1, size, -1),
                along_y[:, :, :, None].expand(-1, -1, -1, size),
            ],
            dim=-1,
        )
        cut = F.grid_sample(images.float(), grid.flatten(1, 2), mode="bilinear", align_corners=False)
        cut = cut.view(len(images), 3, len(places), size, size).transpose(1, 2)
        if self.config.projection:
            cut = without_green_magenta(cut)
        return cut - cut.mean(dim=(3, 4), keepdim=True)


def without_green_magenta(images: Tensor) -> Tensor:
    """Normalised images [... 3 H W] without what differs between green and magenta: section 3.1 of the paper.

    Each colour is multiplied by B = I - aᵀa / (a aᵀ) with a = (-1, 2, -1); greys stay as they are.
    """
    axis = images.new_tensor([-1.0, 2.0, -1.0])
    spread, mean = (images.new_tensor(numbers)[:, None, None] for numbers in (SPREAD, MEAN))
    colours = images * spread + mean
    along = (colours * axis[:, None, None]).sum(dim=-3, keepdim=True) / axis.square().sum()
    return (colours - along * axis[:, None, None] - mean) / spread
