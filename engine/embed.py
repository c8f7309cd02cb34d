"""Embeddings: every image through one encoder, as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from engine.encoders import Encoder
from engine.train.device import autocast, choose_precision
from engine.types import Floats, Progress, silent
from engine.views.draw import plain

if TYPE_CHECKING:
    from engine.images.cache import PixelCache


@torch.inference_mode()
def embed(
    encoder: Encoder,
    cache: PixelCache,
    device: torch.device,
    batch: int = 256,
    precision: str = "auto",
    progress: Progress = silent,
) -> Floats:
    """Features [N D], float32, of all images in the order of the table.

    Args:
        encoder: moved to the device and left in evaluation mode.
        cache: the images as uint8 [S S 3], seen at this size: that of the training, or encoder.input_size.
        device: where to compute.
        batch: images at a time.
        precision: auto, float32 or bfloat16, inside the network.
        progress: told the images done after each batch.
    """
    encoder = encoder.to(device).to(memory_format=torch.channels_last).eval()
    chosen = choose_precision(device, precision)
    vectors = np.empty((len(cache), encoder.width), np.float32)
    for start in range(0, len(cache), batch):
        rows = np.arange(start, min(start + batch, len(cache)))
        pixels = torch.from_numpy(cache.take(rows)).to(device, non_blocking=True)
        with autocast(device, chosen):
            vectors[rows] = encoder(plain(pixels, cache.size)).float().cpu().numpy()
        progress(int(rows[-1]) + 1, len(cache))
    return vectors
