"""Small networks that methods put on top of an encoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    """Linear, batch norm, ReLU, linear: [B inputs] → [B outputs], as in SimCLR and BYOL."""
    return nn.Sequential(
        nn.Linear(inputs, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True), nn.Linear(hidden, outputs)
    )


def directions(features: Tensor) -> Tensor:
    """Features [B D] → unit vectors [B D] in float32, whatever the body of the network computes in."""
    return F.normalize(features.float(), dim=1)


def full_precision(tensor: Tensor) -> torch.autocast:
    """A context in which autocast is off: losses are computed in float32."""
    return torch.autocast(tensor.device.type, enabled=False)
