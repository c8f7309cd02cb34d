"""How fast this machine trains: a few real steps on random images, timed."""

from __future__ import annotations

import statistics
import time

import numpy as np
import torch

from engine.encoders import build_encoder
from engine.images.cache import PixelCache
from engine.methods import build_method
from engine.train.batches import alone
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.views.recipe import PRESETS

WARM_STEPS = 2  # the first steps choose kernels and allocate memory


def measure(encoder: str, method: str, size: int, batch: int, device: torch.device, seconds: float = 2.0) -> float:
    """Views per second of whole training steps, the median over about `seconds` of them, at least three."""
    images = random_images(batch, size)
    config = TrainConfig(epochs=100_000, batch=batch, size=size, warmup_epochs=0)
    built = build_method(method, build_encoder(encoder, {}, "random", size=size), {}, images=batch)
    training = Training(built, images, alone, None, PRESETS["natural"], config, device)
    speeds: list[float] = []
    started = 0.0
    for step in training.steps():
        if step.step == WARM_STEPS:
            started = time.perf_counter()
        if step.step > WARM_STEPS:
            speeds.append(step.views / step.seconds)
            if len(speeds) >= 3 and time.perf_counter() - started > seconds:
                break
    return statistics.median(speeds)


def random_images(count: int, size: int) -> PixelCache:
    """Noise in place of the images of a project."""
    pixels = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    return PixelCache(pixels, np.arange(count))
