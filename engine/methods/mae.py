"""MAE: three quarters of an image's patches are hidden, and the network paints them from the others.

He et al., CVPR 2022, https://arxiv.org/abs/2111.06377: the encoder sees the patches that are left, a light decoder all
places with one learnt token where a patch is hidden; the loss is the mean squared error over the hidden patches, of
pixels normalised patch by patch (their section 3 and table 1d). Differs: a far smaller decoder; the run's optimiser and
schedule; at the end the mean of the patches is the vector and not fine-tuned further.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.encoders.nano_vit import Block, NanoViT, middle, patches_of, positions_of, start_evenly, take
from engine.errors import SettingInvalid
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import full_precision
from engine.methods.joint import gather, joint_mean
from engine.settings import setting
from engine.views.recipe import Recipe


@METHODS.register("mae")
class MAE(Method):
    encoder: NanoViT
    card: ClassVar[dict[str, object]] = {
        "family": "masked",
        "when_to_use": "To fine-tune later, with many images and hours of training. Its features are weak for "
        "neighbours at small scale: a map or labels spread from it come out worse than from SimCLR.",
        "assumes": "A part of an image can be told from the rest. Partners are of no use to it.",
        "cost": "low",
        "minimum_batch": 8,
        "views": 1,
        "encoders": ["nano_vit"],
    }

    @dataclass(frozen=True)
    class Config:
        masked: float = setting(0.75, "share of the patches that are hidden", minimum=0.1, maximum=0.95)
        normalise: bool = setting(
            True, "paint each patch in its own brightness and contrast, which gives better features in the paper"
        )
        hidden: int = setting(
            128, "features of the decoder, a multiple of 4; the paper uses 512", minimum=8, maximum=1024, advanced=True
        )
        depth: int = setting(2, "blocks of the decoder; the paper uses 8", minimum=1, maximum=12, advanced=True)

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        if not isinstance(encoder, NanoViT):
            raise SettingInvalid(
                f"MAE hides patches, which only the encoder nano_vit can leave out; this one is {encoder.name}. "
                "Choose nano_vit, or a method that works with every encoder."
            )
        if config.hidden % 4:
            raise SettingInvalid(f"“hidden” of MAE is a multiple of 4; {config.hidden} is not.")
        self.narrow = nn.Linear(encoder.width, config.hidden)
        self.mask_token = nn.Parameter(torch.randn(1, 1, config.hidden) * 0.02)
        self.decoder = nn.Sequential(*(Block(config.hidden, 4) for _ in range(config.depth)))
        self.norm = nn.LayerNorm(config.hidden, eps=1e-6)
        self.paint = nn.Linear(config.hidden, 3 * encoder.config.patch**2)
        start_evenly(self.decoder)
        nn.init.normal_(self.paint.weight, std=0.02)
        nn.init.zeros_(self.paint.bias)

    def recipe(self, asked: Recipe) -> Recipe:
        """Crop and flip alone: colours and blur would be one more thing to guess (their table 1e)."""
        return replace(asked, jitter=0, grey=0, stain=0, blur=0)

    def project(self, images: Tensor) -> Tensor:
        features: Tensor = self.encoder(images)
        return features

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        images = batch.views.flatten(0, 1)
        numbers = batch.uniform(len(batch.views), self._count(images)).transpose(0, 1).flatten(0, 1)
        keep, hidden = self._split(numbers)
        painted = self.reconstruct(images, keep)
        with full_precision(painted):
            targets = self._targets(images)
            constant = gather(targets.mean(dim=1)).mean(dim=0)  # the best that can be said without looking
            wanted = take(targets, hidden)
            error, blind = (
                joint_mean((guess - wanted).square().mean(dim=(1, 2)))
                for guess in (take(painted.float(), hidden), constant)
            )
        return {"total": error, "trivial": blind}

    def reconstruct(self, images: Tensor, keep: Tensor) -> Tensor:
        """What the decoder makes of every patch [B n 3·patch²] of images [B 3 H W] of which it sees those in `keep`."""
        seen = self.narrow(self.encoder.tokens(images, keep))
        grid = self.encoder.grid(images)
        places = self.mask_token.to(seen.dtype).expand(len(images), grid[0] * grid[1], -1)
        places = places.scatter(1, keep[:, :, None].expand(-1, -1, places.shape[2]), seen[:, 1:])
        places = places + positions_of(grid, self.config.hidden).to(images.device)
        tokens = self.decoder(torch.cat([seen[:, :1], places], dim=1))
        painted: Tensor = self.paint(self.norm(tokens[:, 1:]))
        return painted

    @torch.no_grad()
    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        """What the encoder sees, and that with the hidden patches as painted; each image has its own, fixed mask.

        Where patches are normalised, a painted one gets the brightness and contrast of the true one, as in the paper.
        """
        random = torch.Generator().manual_seed(0)
        numbers = torch.rand(len(images), self._count(images), generator=random).to(images.device)
        keep, hidden = self._split(numbers)
        truth = patches_of(images, self.encoder.config.patch).float()
        painted = self.reconstruct(images, keep).float()
        if self.config.normalise:
            painted = painted * _spread(truth) + truth.mean(dim=2, keepdim=True)
        places = hidden[:, :, None].expand(-1, -1, truth.shape[2])
        pictures = {"masked": torch.zeros_like(truth), "reconstruction": painted}
        return {
            title: self._assemble(images, truth.scatter(1, places, take(patches, hidden)))
            for title, patches in pictures.items()
        }

    def _count(self, images: Tensor) -> int:
        high, wide = self.encoder.grid(images)
        return high * wide

    def _split(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """Patches that are seen and patches that are hidden, from random numbers [B n]; at least one of each."""
        count = numbers.shape[1]
        kept = min(max(1, int(count * (1 - self.config.masked))), count - 1)
        order = numbers.argsort(dim=1)
        return order[:, :kept], order[:, kept:]

    def _targets(self, images: Tensor) -> Tensor:
        patches = patches_of(images, self.encoder.config.patch).float()
        if self.config.normalise:
            return (patches - patches.mean(dim=2, keepdim=True)) / _spread(patches)
        return patches

    def _assemble(self, images: Tensor, patches: Tensor) -> Tensor:
        """The images with these patches in place of their own."""
        patch, (high, wide) = self.encoder.config.patch, self.encoder.grid(images)
        cut = patches.view(len(images), high, wide, 3, patch, patch).permute(0, 3, 1, 4, 2, 5)
        whole = images.float().clone(memory_format=torch.contiguous_format)
        middle(whole, patch).copy_(cut.reshape(len(images), 3, high * patch, wide * patch))
        return whole


def _spread(patches: Tensor) -> Tensor:
    """Standard deviation of each patch [B n 1]; the small number keeps blank ones finite."""
    return (patches.var(dim=2, keepdim=True) + 1e-6).sqrt()
