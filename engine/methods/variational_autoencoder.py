"""Variational auto-encoder: codes that are clouds, so that near codes draw near images and random codes draw new ones.

Kingma and Welling, ICLR 2014, https://arxiv.org/abs/1312.6114: equation 3 (the bound), with its divergence in closed
form (appendix B) and one sample of the code an image. The weight β is that of Higgins et al., ICLR 2017; free bits are
those of Kingma et al., NeurIPS 2016, https://arxiv.org/abs/1606.04934, for each number of the code. Differs: the loss
is the negative bound divided by the numbers of a picture (3 H W), so that sizes compare, and without the constant of
the Gaussian, so that a perfect one is 0; that Gaussian's width is a setting; an image's vector is what the encoder
says, from which one layer makes the mean and the variance of the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.decoder import Decoder, guessing, squared_error, worth_reconstructing
from engine.methods.heads import full_precision
from engine.methods.joint import gather, joint_mean
from engine.settings import setting
from engine.views.recipe import Recipe

WIDEST = 8.0  # the log variance of a code stays between ± this: e to it must not overflow


@METHODS.register("variational_autoencoder")
class VariationalAutoencoder(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "auto-encoding",
        "when_to_use": "To see which changes an image may undergo, and invented images. A good reconstruction need not "
        "classify well: it spends itself on large areas and colours, not on what tells classes apart.",
        "assumes": "What takes most pixels matters most. Learns from each image by itself: partners are of no use.",
        "cost": "medium",
        "minimum_batch": 16,
        "views": 1,
    }

    @dataclass(frozen=True)
    class Config:
        code: int = setting(64, "numbers that an image is squeezed into", minimum=1, maximum=4096)
        beta: float = setting(
            1.0,
            "how much a code costs: more gives simpler codes, blurred pictures",
            minimum=0,
            maximum=1000,
            symbol="β",
        )
        spread: float = setting(
            0.5,
            "how far pixels may be off, in standard deviations of colour; smaller gives sharper pictures",
            minimum=0.01,
            maximum=10,
            symbol="σ",
        )
        free_bits: float = setting(
            0.0,
            "nats that each number of the code may carry at no cost; against codes that say nothing",
            minimum=0,
            maximum=10,
            symbol="λ",
            advanced=True,
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.mean = nn.Linear(encoder.width, config.code)
        self.log_variance = nn.Linear(encoder.width, config.code)
        self.decoder = Decoder(config.code)

    def recipe(self, asked: Recipe) -> Recipe:
        return worth_reconstructing(asked)

    def project(self, images: Tensor) -> Tensor:
        means: Tensor = self.mean(self.encoder(images))
        return means

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images, config = batch.views.flatten(0, 1), self.config
        features = self.encoder(images)
        with full_precision(features):
            mean = self.mean(features.float())
            log_variance = self.log_variance(features.float()).clamp(-WIDEST, WIDEST)
            noise = batch.normal(len(batch.views), config.code).transpose(0, 1).flatten(0, 1)  # as the views lie
            codes = mean + (log_variance / 2).exp() * noise
        pictures = self.decoder(codes, *images.shape[-2:])
        with full_precision(pictures):
            numbers, precision = images[0].numel(), 1 / (2 * config.spread**2)
            reconstruction = precision * joint_mean(squared_error(pictures, images))
            bits = gather(divergence(mean, log_variance)).mean(dim=0).clamp(min=config.free_bits)  # [code]
            nats = bits.sum() / numbers
            return {
                "total": reconstruction + config.beta * nats,
                "trivial": precision * guessing(images),
                "reconstruction": reconstruction.detach(),
                "divergence": nats.detach(),
            }

    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        height, width = images.shape[-2:]
        drawn = torch.randn(len(images), self.config.code, generator=torch.Generator().manual_seed(0))
        return {
            "reconstruction": self.decoder(self.project(images), height, width),
            "images invented from random codes": self.decoder(drawn.to(images.device), height, width),
        }


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """How far normal distributions lie from the standard one, Kullback-Leibler, in nats: [B D], [B D] → [B D]."""
    return (mean.square() + log_variance.exp() - 1 - log_variance) / 2
