"""What the methods that compare whole views with small crops share: multi-crop, Caron et al., NeurIPS 2020.

https://arxiv.org/abs/2006.09882, section 3.2: a few whole views say what an image is, and every other look at it, the
small crops too, has to say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.methods.base import Batch, Method, SmallCrops
from engine.settings import setting

GRID = 8  # sides of crops are multiples of it, as patches ask for


@dataclass(frozen=True)
class MultiCropConfig:
    """What these methods can be told of the crops."""

    crops: int = setting(4, "small crops of each image beside the whole views; the paper uses 6", minimum=0, maximum=16)
    crop_smallest: float = setting(
        0.1, "smallest share of the image's area that a crop shows", minimum=0.02, maximum=1, advanced=True
    )
    crop_largest: float = setting(
        0.4, "largest share of the image's area that a crop shows", minimum=0.02, maximum=1, advanced=True
    )


class MultiCrop(Method):
    """A method of whole views and crops, some of whose settings go by epochs."""

    epoch: Tensor

    def __init__(self, encoder: Encoder, config: Any) -> None:
        super().__init__(encoder, config)
        self.register_buffer("epoch", torch.tensor(0))

    def small_crops(self, size: int) -> SmallCrops | None:
        """Crops of about half the side of whole views of `size` pixels, and no smaller than the encoder can see."""
        side = max(self.encoder.smallest_size, GRID * round(size / 2 / GRID))
        smallest, largest = sorted((self.config.crop_smallest, self.config.crop_largest))
        return SmallCrops(self.config.crops, side, smallest, largest) if self.config.crops else None

    def before_epoch(self, epoch: int, embed: Callable[[], Tensor]) -> None:
        self.epoch.fill_(epoch)


def every_view(encoder: nn.Module, head: nn.Module, batch: Batch) -> Tensor:
    """What head and encoder say of the whole views, then of the crops: [V+C B D].

    The encoder takes one size at a time, the head all together.
    """
    looks = [batch.views] if batch.crops is None else [batch.views, batch.crops]
    features = torch.cat([encoder(images.flatten(0, 1)) for images in looks])
    outputs: Tensor = head(features).unflatten(0, (-1, batch.rows.shape[1]))
    return outputs


def cross_entropy_across_views(targets: Tensor, logits: Tensor) -> Tensor:
    """-Σₖ pₖ log softmax(s)ₖ of each image [B], mean over targets p and the logits s of all other views of it.

    Args:
        targets: probabilities [V B K] of the whole views.
        logits: [V+C B K] of all views, the whole ones first and in the same order.
    """
    pairs = -torch.einsum("vbk,sbk->bvs", targets, logits.log_softmax(dim=2))
    itself = torch.eye(*pairs.shape[1:], dtype=torch.bool, device=pairs.device)
    return pairs.masked_fill(itself, 0).sum(dim=(1, 2)) / (~itself).sum()
