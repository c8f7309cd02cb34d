"""Two networks side by side: one sees the haematoxylin of an image alone, the other its eosin alone.

The encoder of CS-CO (Yang et al., Medical Image Analysis 2022), which engine/methods/cs_co.py trains. It takes images
as every encoder does and tells the stains apart itself, so an embedding made with it needs nothing more.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from engine.encoders.base import Encoder
from engine.views.draw import MEAN, SPREAD
from engine.views.stain import alone, stain_colours

STAINS = 2  # haematoxylin, eosin


class TwoStains(Encoder):
    """Images [B 3 H W] → the features of both networks side by side [B 2D].

    Args:
        encoder: of either stain; the second network begins as a copy of it.
        colours: where the stains' colours come from, “fixed” or “estimated” in each image (see engine.views.stain).
    """

    def __init__(self, encoder: Encoder, colours: str) -> None:
        super().__init__(encoder.config)
        self.name = encoder.name  # type: ignore[misc]
        self.width, self.input_size, self.smallest_size = 2 * encoder.width, encoder.input_size, encoder.smallest_size
        self.colours = colours
        self.haematoxylin, self.eosin = encoder, copy.deepcopy(encoder)

    def forward(self, images: Tensor) -> Tensor:
        return self.seen(self.pictures(images))

    def seen(self, pictures: Tensor) -> Tensor:
        """Features [B 2D] of pictures [B 2 H W] as `pictures` gives them."""
        return torch.cat([self.haematoxylin(grey(pictures[:, 0])), self.eosin(grey(pictures[:, 1]))], dim=1)

    def maps(self, images: Tensor) -> Tensor:
        """Features in place [B 2D h w], those of haematoxylin first."""
        return torch.cat(self.maps_of(self.pictures(images)), dim=1)

    def maps_of(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Features in place, [B D h w] each, of pictures [B 2 H W] as `pictures` gives them."""
        return self.haematoxylin.maps(grey(pictures[:, 0])), self.eosin.maps(grey(pictures[:, 1]))

    def attention(self, images: Tensor) -> Tensor | None:
        pictures = self.pictures(images)
        seen = self.haematoxylin.attention(grey(pictures[:, 0])), self.eosin.attention(grey(pictures[:, 1]))
        return None if seen[0] is None or seen[1] is None else torch.cat([seen[0], seen[1]], dim=1)

    def pictures(self, images: Tensor, perturbation: Tensor | None = None) -> Tensor:
        """How bright each stain alone would be, 1 where there is none of it.

        Args:
            images: [B 3 H W], normalised as views are.
            perturbation: added to the colours [B 2 3] before the stains are told apart.

        Returns:
            Pictures [B 2 H W] in (0, 1], float32.
        """
        with torch.autocast(images.device.type, enabled=False):
            mean, spread = (images.new_tensor(numbers, dtype=torch.float32) for numbers in (MEAN, SPREAD))
            bright = 255 * (images.float() * spread[:, None, None] + mean[:, None, None]).clamp(max=1)
            colours = stain_colours(bright, self.colours)
            return alone(bright, colours if perturbation is None else colours + perturbation)


def grey(pictures: Tensor) -> Tensor:
    """Brightnesses [B H W] from 0 to 1 as images [B 3 H W], normalised as views are."""
    return tinted(pictures, pictures.new_ones(3))


def tinted(pictures: Tensor, colour: Tensor) -> Tensor:
    """The same in the colour of a stain [3]: what light is left where it absorbs so much of each primary."""
    mean, spread = (pictures.new_tensor(numbers)[:, None, None] for numbers in (MEAN, SPREAD))
    left = pictures[:, None] ** colour[:, None, None]
    return ((left - mean) / spread).contiguous(memory_format=torch.channels_last)
