"""Nano ViT: a small vision transformer, which looks at patches and at all of them from the first layer on.

Dosovitskiy et al., ICLR 2021, https://arxiv.org/abs/2010.11929, with the norm before each part (their equations 1 to 4)
and with fixed sine and cosine positions in two dimensions (Chen et al., ICCV 2021, https://arxiv.org/abs/2104.02057).
Differs: far smaller; no dropout; the vector is the mean of the patches and not the class token (which is there, as in
MAE, for all to write on and read from), so that methods that learn from features in place train what is embedded; a rim
that fills no whole patch is cut off evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders.base import ENCODERS, Encoder
from engine.errors import SettingInvalid
from engine.settings import setting

FEW = 257  # tokens; so many attend faster in plain products: on CPUs torch's own call is slow backwards in bfloat16


@ENCODERS.register("nano_vit")
class NanoViT(Encoder):
    card: ClassVar[dict[str, object]] = {
        "family": "vision transformer",
        "features": 192,
        "inits": ["random"],
        "smallest_size": 16,
        "when_to_use": "For MAE and DINO, and to see where a network looks. Needs more images and longer than nano.",
        "cost": "medium",
    }

    @dataclass(frozen=True)
    class Config:
        patch: int = setting(
            4, "side of a patch; half of it costs four times as much and more", minimum=2, maximum=32, unit="pixels"
        )
        width: int = setting(192, "features; a multiple of 4 and of heads", minimum=8, maximum=1024, symbol="D")
        depth: int = setting(6, "blocks, one after another", minimum=1, maximum=24, symbol="L")
        heads: int = setting(3, "places that a patch can look at in one block", minimum=1, maximum=16, symbol="k")

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        if config.width % 4 or config.width % config.heads:
            raise SettingInvalid(
                f"The “width” of nano_vit is a multiple of 4 and of “heads”; {config.width} with {config.heads} heads "
                "is not. Choose 64 features a head, for example."
            )
        self.width = config.width
        self.smallest_size = max(16, 2 * config.patch)
        self.embed = nn.Linear(3 * config.patch**2, config.width)
        self.class_token = nn.Parameter(torch.randn(1, 1, config.width) * 0.02)
        self.blocks = nn.ModuleList(Block(config.width, config.heads) for _ in range(config.depth))
        self.norm = nn.LayerNorm(config.width, eps=1e-6)
        start_evenly(self)

    def forward(self, images: Tensor) -> Tensor:
        return self.tokens(images)[:, 1:].mean(dim=1)

    def maps(self, images: Tensor) -> Tensor:
        patches = self.tokens(images)[:, 1:]
        return patches.transpose(1, 2).reshape(len(images), self.width, *self.grid(images))

    def tokens(self, images: Tensor, keep: Tensor | None = None) -> Tensor:
        """What is known at the end of the class [B 1 D] and of each patch [B n D], after the last norm: [B 1+n D].

        Args:
            images: [B 3 H W].
            keep: indices [B n] of the patches that are seen, row by row of `grid`; None for all.
        """
        tokens: Tensor = self.norm(self.blocks[-1](self._before_last(images, keep)))
        return tokens

    def attention(self, images: Tensor) -> Tensor:
        """How much of each patch enters the vector [B heads h w]: the last block's weights, mean over who asks.

        The rest of 1 is what goes to the class token.
        """
        last: Block = self.blocks[-1]  # type: ignore[assignment]
        weights = last.weights(self._before_last(images, None))[:, :, 1:].mean(dim=2)
        return weights[:, :, 1:].view(*weights.shape[:2], *self.grid(images))

    def grid(self, images: Tensor) -> tuple[int, int]:
        """Patches in a column and in a row of the images.

        Raises:
            SettingInvalid: the images are smaller than a patch.
        """
        patch = self.config.patch
        high, wide = images.shape[2] // patch, images.shape[3] // patch
        if not high or not wide:
            raise SettingInvalid(
                f"nano_vit cuts patches of {patch} pixels; these images have {images.shape[3]} x {images.shape[2]}. "
                "Choose a larger “size”, or a smaller “patch”."
            )
        return high, wide

    def _before_last(self, images: Tensor, keep: Tensor | None) -> Tensor:
        grid = self.grid(images)
        pixels = patches_of(images, self.config.patch)
        positions = positions_of(grid, self.width).to(images.device).expand(len(images), -1, -1)
        if keep is not None:
            pixels, positions = take(pixels, keep), take(positions, keep)
        tokens = torch.cat([self.class_token.expand(len(images), -1, -1), self.embed(pixels) + positions], dim=1)
        for block in self.blocks[:-1]:
            tokens = block(tokens)
        return tokens


class Block(nn.Module):
    """Every token looks at all, then thinks by itself; both are added to what it was: [B n D] → [B n D]."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.look = nn.Linear(width, 3 * width)  # queries, keys and values
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.think = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, tokens: Tensor) -> Tensor:
        queries, keys, values = self._split(tokens)
        if tokens.device.type == "cpu" and tokens.shape[1] <= FEW:
            seen = _weights(queries, keys) @ values
        else:
            seen = F.scaled_dot_product_attention(queries, keys, values)
        tokens = tokens + self.out(seen.transpose(1, 2).flatten(2))
        thought: Tensor = self.think(self.norm2(tokens))
        return tokens + thought

    def weights(self, tokens: Tensor) -> Tensor:
        """How much each token (third axis) takes from each other one (last axis), which sums to 1: [B heads n n]."""
        queries, keys, _ = self._split(tokens)
        return _weights(queries, keys).float()

    def _split(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, each [B heads n D/heads]."""
        parts: Tensor = self.look(self.norm1(tokens))
        heads = parts.view(*parts.shape[:2], 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        return heads[0], heads[1], heads[2]


def _weights(queries: Tensor, keys: Tensor) -> Tensor:
    scores: Tensor = queries * queries.shape[-1] ** -0.5 @ keys.transpose(2, 3)
    return scores.softmax(dim=-1)


def start_evenly(network: nn.Module) -> None:
    """Weights of linear layers uniform after Glorot and Bengio, biases zero, as in MAE."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)


def middle(images: Tensor, patch: int) -> Tensor:
    """The images [B C H W] without the rim that fills no whole patch: a view [B C H' W']."""
    high, wide = (side // patch * patch for side in images.shape[2:])
    top, left = (images.shape[2] - high) // 2, (images.shape[3] - wide) // 2
    return images[:, :, top : top + high, left : left + wide]


def patches_of(images: Tensor, patch: int) -> Tensor:
    """Images [B C H W] → the pixels of their patches [B h·w C·patch²], row by row."""
    count, channels, high, wide = middle(images, patch).shape
    cut = middle(images, patch).reshape(count, channels, high // patch, patch, wide // patch, patch)
    return cut.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)


def take(tokens: Tensor, chosen: Tensor) -> Tensor:
    """Tokens [B n D] and indices [B m] → those tokens [B m D]."""
    return tokens.gather(1, chosen[:, :, None].expand(-1, -1, tokens.shape[2]))


def positions_of(grid: tuple[int, int], width: int) -> Tensor:
    """Sines and cosines [h·w D] of column and row at D/4 wavelengths from 2π to 20000π patches."""
    rates = 10_000.0 ** -(torch.arange(width // 4) / (width // 4))
    rows, columns = torch.meshgrid(*(torch.arange(side).float() for side in grid), indexing="ij")
    angles = [place.flatten()[:, None] * rates for place in (columns, rows)]
    return torch.cat([wave for angle in angles for wave in (angle.sin(), angle.cos())], dim=1)
