"""Auto-encoder with perceptual loss: what is drawn need not match pixel by pixel, but must look alike to a trained eye.

The eye is a frozen network of ImageNet; pictures are compared by its features at several depths: Hou et al., WACV 2017,
https://arxiv.org/abs/1610.00291, and Johnson et al., ECCV 2016, https://arxiv.org/abs/1603.08155, equation 2. Differs:
the eye is EfficientNet-lite0 up to an eighth of the side, not VGG; squared errors are divided by the variance of the
features over the batch, so that all depths count alike; an auto-encoder without the divergence of a variational one; a
share of plain squared error keeps the colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from engine.encoders import Encoder, build_encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.decoder import Decoder, guessing, joint_mean_of, squared_error, worth_reconstructing
from engine.methods.heads import full_precision
from engine.methods.joint import joint_mean
from engine.settings import setting
from engine.views.recipe import Recipe

DEPTHS = (0, 2, 4)  # blocks of lite0 after which features are compared: at half, a quarter, an eighth of the side


@METHODS.register("perceptual_autoencoder")
class PerceptualAutoencoder(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "auto-encoding",
        "when_to_use": "Where the plain auto-encoder draws only blurred colours. Still, a good reconstruction need not "
        "classify well.",
        "assumes": "What a network of everyday photographs sees in an image matters here too. Learns from each image "
        "by itself: partners are of no use.",
        "cost": "high",
        "minimum_batch": 16,
        "views": 1,
    }

    @dataclass(frozen=True)
    class Config:
        code: int = setting(64, "numbers that an image is squeezed into", minimum=1, maximum=4096)
        pixels: float = setting(
            0.1, "weight of the squared error of pixels beside that of features", minimum=0, maximum=100
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.squeeze = nn.Linear(encoder.width, config.code)
        self.decoder = Decoder(config.code)
        self.eye = Eye()

    def recipe(self, asked: Recipe) -> Recipe:
        return worth_reconstructing(asked)

    def project(self, images: Tensor) -> Tensor:
        codes: Tensor = self.squeeze(self.encoder(images))
        return codes

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images = batch.views.flatten(0, 1)
        pictures = self.decoder(self.project(images), *images.shape[-2:])
        with torch.no_grad():
            flat = joint_mean_of(images).mean(dim=(2, 3), keepdim=True).expand_as(images[:1])
            wanted, guessed = self.eye(images), self.eye(flat)
        seen = self.eye(pictures)
        with full_precision(pictures):
            features, weight = unlikeness(seen, wanted), self.config.pixels
            pixels = joint_mean(squared_error(pictures, images))
            return {
                "total": features + weight * pixels,
                "trivial": unlikeness(guessed, wanted) + weight * joint_mean(squared_error(flat, images)),
                "features": features.detach(),
                "pixels": pixels.detach(),
            }

    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        return {"reconstruction": self.decoder(self.project(images), *images.shape[-2:])}


class Eye(nn.Module):
    """The first blocks of lite0 with the weights of ImageNet: never trained, always in evaluation mode.

    Its 55,000 numbers are in the checkpoint, which so needs nothing beside it.
    """

    def __init__(self) -> None:
        super().__init__()
        body: Any = build_encoder("imagenet_lite0", {}, "imagenet").body
        self.stem = nn.Sequential(body._conv_stem, body._bn0, body._swish)
        self.blocks = nn.ModuleList(body._blocks[: DEPTHS[-1] + 1])
        self.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> Eye:
        super().train(False)
        return self

    def forward(self, images: Tensor) -> list[Tensor]:
        """Images [B 3 H W] → features [B C h w] at each depth."""
        maps, seen = self.stem(images), []
        for depth, block in enumerate(self.blocks):
            maps = block(maps)
            if depth in DEPTHS:
                seen.append(maps)
        return seen


def unlikeness(seen: list[Tensor], wanted: list[Tensor]) -> Tensor:
    """Squared error of features [B C h w] at each depth over their variance in the batch, mean over depths: a scalar.

    0 where all are alike, 1 for who always gives the mean features. `seen` may be of one image [1 C h w].
    """
    shares = [
        joint_mean(squared_error(ours, theirs)) / guessing(theirs) for ours, theirs in zip(seen, wanted, strict=True)
    ]
    return torch.stack(shares).mean()
