"""How the step size rises and falls, which weights decay, and which optimiser takes the steps."""

from __future__ import annotations

import math

import torch
from torch import nn

from engine.train.config import USUAL_RATE, TrainConfig


def peak_rate(config: TrainConfig, batch: int) -> float:
    """The largest step size: the one asked for, else the optimiser's usual one, fitted to the batch.

    For SGD in proportion to it (Goyal et al., 2017, https://arxiv.org/abs/1706.02677), for Adam to its square root
    (Malladi et al., NeurIPS 2022, https://arxiv.org/abs/2205.10287): in proportion, small batches would learn nothing.
    """
    power = 0.5 if config.optimiser == "adamw" else 1.0
    return config.learning_rate or USUAL_RATE[config.optimiser] * (batch / 256) ** power


def rate_at(step: int, steps: int, warmup: int, peak: float) -> float:
    """The step size at step 0 … steps - 1: a straight rise over the warm-up, then half a cosine down towards zero.

    Loshchilov and Hutter, ICLR 2017, https://arxiv.org/abs/1608.03983.
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def make_optimiser(module: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """Over all weights that learn; norms and biases (one axis) do not decay."""
    learning = [weight for weight in module.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in learning if weight.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [weight for weight in learning if weight.ndim <= 1], "weight_decay": 0.0},
    ]
    if config.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=1.0, momentum=0.9, fused=True)
    return torch.optim.AdamW(groups, lr=1.0, fused=True)
