"""Colourisation: from its lightness alone, the network says what colour each place of an image has.

Zhang et al., ECCV 2016, https://arxiv.org/abs/1603.08511: classes are the bins of the ab plane of CIE Lab that sRGB can
show; a place belongs softly to the 5 nearest; rare colours count more (sections 2.1 and 2.2); pictures show the
annealed mean at T = 0.38 (section 2.3). Differs: the lightness is repeated in three channels, since encoders take
three, so training sees greys although vectors are made of images in colour; a small decoder on the encoder's features
in place, which says how far a place is from what is usual; how rare colours are is counted during training and not
before; about 260 bins are in a coarse cube of all colours, where the paper has 313.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.decoder import stride_of
from engine.methods.heads import full_precision
from engine.methods.joint import gather, joint_mean
from engine.methods.lab import lab_of, srgb_of
from engine.settings import setting
from engine.views.draw import MEAN, SPREAD
from engine.views.recipe import Recipe

BIN = 10.0  # side of a bin in the ab plane
RAREST = 1e-3  # share that a colour not seen so far is granted, of what it would have were all alike
NEAREST, NEAR = 5, 5.0  # bins that a colour belongs to, and the σ of how much
COARSENESS = 4  # pixels of the image to a side of one place that is coloured


@METHODS.register("colourisation")
class Colourisation(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "pretext",
        "when_to_use": "For photographs whose things have colours of their own. Of no use for grey images, and of "
        "little where all have the same colours, as with one stain.",
        "assumes": "What a thing is tells its colour. The network trains on greys, so differences that lie in colour "
        "alone are not learnt. Partners are of no use to it.",
        "cost": "medium",
        "minimum_batch": 8,
        "views": 1,
    }
    seen: Tensor
    bins: Tensor
    smoothing: Tensor

    @dataclass(frozen=True)
    class Config:
        uniform: float = setting(
            0.5,
            "how evenly colours count: 0 by their rarity alone, 1 all alike",
            minimum=0,
            maximum=1,
            symbol="λ",
        )
        temperature: float = setting(
            0.38,
            "of the pictures: lower is more vivid, 1 is the mean",
            minimum=0.01,
            maximum=1,
            symbol="T",
            advanced=True,
        )
        hidden: int = setting(128, "channels of the decoder", minimum=4, maximum=1024, advanced=True)

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.register_buffer("bins", shown_bins(), persistent=False)
        apart = torch.cdist(self.bins, self.bins).square()
        self.register_buffer("smoothing", (-apart / (2 * NEAR**2)).softmax(dim=1), persistent=False)
        self.register_buffer("seen", torch.zeros(len(self.bins)))  # how much of each bin there was so far
        growth = max(1, round(stride_of(encoder) / COARSENESS))
        self.decoder = nn.Sequential(
            nn.Conv2d(encoder.width, config.hidden * growth**2, 1),
            nn.PixelShuffle(growth),
            nn.BatchNorm2d(config.hidden),
            nn.ReLU(inplace=True),
            nn.Conv2d(config.hidden, config.hidden, 3, padding=1, bias=False),
            nn.BatchNorm2d(config.hidden),
            nn.ReLU(inplace=True),
            nn.Conv2d(config.hidden, len(self.bins), 1),
        )
        nn.init.normal_(self.decoder[-1].weight, std=0.01)  # type: ignore[arg-type]

    def recipe(self, asked: Recipe) -> Recipe:
        """True colours only: a view whose colours were changed would have a wrong answer."""
        return replace(asked, jitter=0, grey=0, stain=0)

    def project(self, images: Tensor) -> Tensor:
        features: Tensor = self.encoder(images)
        return features

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        lab = lab_of(_colours(batch.views.flatten(0, 1)))
        logits = self.logits(lab[:, :1])
        with full_precision(logits):
            places = (logits.shape[2], logits.shape[3])
            colours = F.adaptive_avg_pool2d(lab[:, 1:], places).flatten(2).transpose(1, 2)  # [B n 2]
            wanted, nearest = soft_bins(colours, self.bins)
            shares = torch.zeros(*colours.shape[:2], len(self.bins), device=colours.device).scatter(2, nearest, wanted)
            self.seen = self.seen + gather(shares.mean(dim=1)).mean(dim=0)
            weight = self.weights()[nearest[..., 0]]  # [B n]
            logs = (logits + self.prior()[:, None, None]).flatten(2).transpose(1, 2).log_softmax(dim=2)  # [B n Q]
            each = -(weight * (wanted * logs.gather(2, nearest)).sum(dim=2)).mean(dim=1)
            rated = gather((weight[:, :, None] * shares).mean(dim=1)).mean(dim=0)  # [Q]
            constant = torch.special.entr(rated / rated.sum()).sum() * rated.sum()  # best without looking at the image
        return {"total": joint_mean(each), "trivial": constant}

    def logits(self, lightness: Tensor) -> Tensor:
        """Lightness [B 1 H W] → how much likelier than usual each bin is in each place, in logs: [B Q h w], float32."""
        logits: Tensor = self.decoder(self.encoder.maps(_normalised(lightness.expand(-1, 3, -1, -1) / 100)))
        return logits.float()

    def prior(self) -> Tensor:
        """How likely each bin is in an image that nobody has looked at, as the loss weights it: logs [Q]."""
        rated = self.weights() * self.seen / self.seen.sum().clamp(min=1e-12)
        return rated.clamp(min=RAREST / len(rated)).log()

    def weights(self) -> Tensor:
        """How much a place of each bin counts [Q], 1 in the mean over places: equation 4 of the paper."""
        shares = self.smoothing.T @ (self.seen / self.seen.sum().clamp(min=1e-12))
        weights: Tensor = 1 / ((1 - self.config.uniform) * shares + self.config.uniform / len(shares))
        return weights / (weights * shares).sum().clamp(min=1e-12)

    @torch.no_grad()
    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        """What the network sees, and the colours that it gives to it."""
        lab = lab_of(_colours(images))
        logits = self.logits(lab[:, :1])
        with full_precision(images):
            shares = ((logits + self.prior()[:, None, None]) / self.config.temperature).softmax(dim=1)
            colours = torch.einsum("bqhw,qc->bchw", shares, self.bins)
            colours = F.interpolate(colours, size=images.shape[2:], mode="bilinear", align_corners=False)
            grey = srgb_of(torch.cat([lab[:, :1], torch.zeros_like(colours)], dim=1))
            coloured = srgb_of(torch.cat([lab[:, :1], colours], dim=1))
        return {"lightness": _normalised(grey), "colours": _normalised(coloured)}


def shown_bins() -> Tensor:
    """Centres [Q 2] of the squares of the ab plane, 10 wide, that hold a colour of sRGB."""
    steps = torch.linspace(0, 1, 18)  # every 15th of 256 levels; with all of them there are 7 bins more
    cube = torch.cartesian_prod(steps, steps, steps).T[None, :, :, None]
    squares: Tensor = torch.unique((lab_of(cube)[0, 1:, :, 0].T / BIN).round(), dim=0)
    return squares * BIN


def soft_bins(colours: Tensor, bins: Tensor) -> tuple[Tensor, Tensor]:
    """How much colours [B n 2] belong to their 5 nearest bins of [Q 2], and which these are, nearest first: [B n 5]."""
    apart, nearest = torch.cdist(colours, bins).topk(NEAREST, dim=2, largest=False)
    return (-apart.square() / (2 * NEAR**2)).softmax(dim=2), nearest


def _colours(images: Tensor) -> Tensor:
    """Views as networks see them → sRGB from about 0 to 1."""
    return images.float() * images.new_tensor(SPREAD)[:, None, None] + images.new_tensor(MEAN)[:, None, None]


def _normalised(colours: Tensor) -> Tensor:
    return (colours - colours.new_tensor(MEAN)[:, None, None]) / colours.new_tensor(SPREAD)[:, None, None]
