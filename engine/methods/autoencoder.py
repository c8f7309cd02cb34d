"""Auto-encoder: squeeze an image through a short code and draw it again.

Hinton and Salakhutdinov, Science 2006, https://doi.org/10.1126/science.1127647. With hidden pixels it is the denoising
auto-encoder of Vincent et al., ICML 2008, https://doi.org/10.1145/1390156.1390294 (their masking noise, section 2.3):
what is drawn is the image before pixels were hidden. Differs: a convolutional encoder and decoder, trained as a whole
and not layer by layer; squared error in place of cross-entropy, since normalised pixels are no probabilities: a
Gaussian likelihood, up to a constant; the code only serves the decoder, an image's vector is what the encoder says.
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
from engine.methods.joint import joint_mean
from engine.settings import setting
from engine.views.recipe import Recipe


@METHODS.register("autoencoder")
class Autoencoder(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "auto-encoding",
        "when_to_use": "To see what a network keeps of an image. A good reconstruction need not classify well: "
        "it spends itself on large areas and colours, not on what tells classes apart.",
        "assumes": "What takes most pixels matters most. Learns from each image by itself: partners are of no use.",
        "cost": "medium",
        "minimum_batch": 16,
        "views": 1,
    }

    @dataclass(frozen=True)
    class Config:
        code: int = setting(64, "numbers that an image is squeezed into; the paper uses 30", minimum=1, maximum=4096)
        masked: float = setting(
            0.0,
            "share of pixels that the encoder is not shown (denoising); the 2008 paper uses 0.1 to 0.4",
            minimum=0,
            maximum=0.95,
            symbol="ν",
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.squeeze = nn.Linear(encoder.width, config.code)
        self.decoder = Decoder(config.code)

    def recipe(self, asked: Recipe) -> Recipe:
        return worth_reconstructing(asked)

    def project(self, images: Tensor) -> Tensor:
        codes: Tensor = self.squeeze(self.encoder(images))
        return codes

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images, shown = batch.views.flatten(0, 1), batch.views
        if self.config.masked:
            draws = batch.uniform(len(shown), *shown.shape[-2:]).movedim(0, 1)  # [V B H W]
            shown = hide(shown, draws, self.config.masked)
        pictures = self.decoder(self.project(shown.flatten(0, 1)), *images.shape[-2:])
        with full_precision(pictures):
            return {"total": joint_mean(squared_error(pictures, images)), "trivial": guessing(images)}

    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        shown, titled = images, {}
        if self.config.masked:
            draws = torch.rand(len(images), *images.shape[-2:], generator=torch.Generator().manual_seed(0))
            shown = titled["what it is shown"] = hide(images, draws.to(images.device), self.config.masked)
        return {**titled, "reconstruction": self.decoder(self.project(shown), *images.shape[-2:])}


def hide(images: Tensor, draws: Tensor, share: float) -> Tensor:
    """Images [… 3 H W] with a share of their pixels at 0, the mean colour: those whose draws [… H W] are below it."""
    return images.masked_fill((draws < share).unsqueeze(-3), 0)
