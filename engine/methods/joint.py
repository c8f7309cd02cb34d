"""A batch may be spread over processes (torchrun); what a loss compares is then gathered from all of them.

Every process computes the loss of the joint batch and the training loop takes the mean of their gradients, so a method
is right as soon as it compares gathered things: `gather` for what enters a comparison, `joint_mean` for a mean over
images. Alone, both cost nothing. All processes must call them in the same order.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, distributed


def processes() -> int:
    """How many processes train together; 1 without torchrun."""
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1


def rank() -> int:
    """Which of them this one is, from 0."""
    return distributed.get_rank() if processes() > 1 else 0


def gather(tensor: Tensor, dim: int = 0) -> Tensor:
    """The tensor of the joint batch, this process's part in its place; gradients flow back to every part.

    Args:
        tensor: of this process's share of the batch; the shares may differ in size.
        dim: the axis that counts images.
    """
    if processes() == 1:
        return tensor
    own = tensor.movedim(dim, 0)
    counts = stacked(torch.tensor(len(own), device=own.device)).tolist()
    parts = stacked(torch.cat([own, own.new_zeros(max(counts) - len(own), *own.shape[1:])]))
    joint = torch.cat([part[:count] for part, count in zip(parts, counts, strict=True)])
    return joint.movedim(0, dim)


def joint_mean(per_image: Tensor) -> Tensor:
    """The mean over all images of the joint batch of a loss that each image has by itself.

    Args:
        per_image: [B], of this process's share.
    """
    return gather(per_image).mean()


def stacked(tensor: Tensor) -> Tensor:
    """The tensors of all processes, of one shape, along a new first axis; gradients flow back to each."""
    joint: Tensor = _Stack.apply(tensor)
    return joint


class _Stack(torch.autograd.Function):
    """Every process's loss depends on every part, so a part's gradient is the sum over the losses of all."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor) -> Tensor:
        own = tensor.contiguous()
        parts = [torch.empty_like(own) for _ in range(processes())]
        distributed.all_gather(parts, own)
        return torch.stack(parts)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(total)
        return total[rank()]
