"""A batch may be spread over processes (torchrun); what a loss compares is then gathered from all of them.

Every process computes the loss of the joint batch and the training loop takes the mean of their gradients, so a method
is right as soon as it compares gathered things: `gather` for what enters a comparison, `joint_mean` for a mean over
images. Alone, both cost nothing.
"""

from __future__ import annotations

from torch import Tensor, distributed


def processes() -> int:
    """How many processes train together; 1 without torchrun."""
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1


def gather(tensor: Tensor, dim: int = 0) -> Tensor:
    """The tensor of the joint batch, this process's part in its place; gradients flow back to every part.

    Args:
        tensor: of this process's share of the batch; the shares may differ in size.
        dim: the axis that counts images.
    """
    if processes() == 1:
        return tensor
    raise NotImplementedError


def joint_mean(per_image: Tensor) -> Tensor:
    """The mean over all images of the joint batch of a loss that each image has by itself.

    Args:
        per_image: [B], of this process's share.
    """
    return gather(per_image).mean()
