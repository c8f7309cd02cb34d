"""What the methods that compare whole views with small crops share: multi-crop, Caron et al., NeurIPS 2020.

https://arxiv.org/abs/2006.09882, section 3.2: a few whole views say what an image is, and every other look at it, the
small crops too, has to say the same.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.methods.base import Batch, SmallCrops

GRID = 8  # sides of crops are multiples of it, as patches ask for


def small_crops(encoder: Encoder, size: int, count: int, shares: tuple[float, float]) -> SmallCrops | None:
    """Crops of about half the side of whole views of `size` pixels, and no smaller than the encoder can see."""
    side = max(encoder.smallest_size, GRID * round(size / 2 / GRID))
    return SmallCrops(count, side, min(shares), max(shares)) if count else None


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
