"""Small networks that methods put on top of an encoder."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def mlp(*widths: int, bias: bool = True) -> nn.Sequential:
    """Linear layers [B widths[0]] → … → [B widths[-1]] with batch norm and ReLU between them, as in SimCLR and BYOL.

    Args:
        widths: features at each joint; three make the usual head of two layers.
        bias: of the last layer; none where the loss or a norm takes the mean away.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths[:-1]):
        layers += [nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1], bias=bias))


def directions(features: Tensor) -> Tensor:
    """Features [B D] → unit vectors [B D] in float32, whatever the body of the network computes in."""
    return F.normalize(features.float(), dim=1)


def full_precision(tensor: Tensor) -> torch.autocast:
    """A context in which autocast is off: losses are computed in float32."""
    return torch.autocast(tensor.device.type, enabled=False)


def held(weight: Tensor, still: bool) -> Tensor:
    """The weight itself, or its like whose gradient is zero, so that it stays as it is for a while."""
    return weight.detach() + 0 * weight if still else weight
