"""Training spread over processes: each takes its share of every batch, and all end up with the same network.

With torchrun, or after torch.distributed.init_process_group, a Training does the same steps as one process with the
joint batch: same order, partners and views, batch norm over the joint batch, the mean of the gradients. What differs is
rounding, and which parts of a network that drops some at random (EfficientNet) are dropped.
"""

from __future__ import annotations

import torch
from torch import Tensor, distributed, nn
from torch.nn.modules.batchnorm import _BatchNorm

from engine.methods.joint import processes, rank, stacked


def own_share(joint: int) -> slice:
    """Which images of a joint batch are this process's: neighbours in line; shares differ in size by one at most."""
    return slice(joint * rank() // processes(), joint * (rank() + 1) // processes())


def join_batch_norms(network: nn.Module) -> None:
    """Let every batch norm of the network see the joint batch; its weights and whoever refers to it stay."""
    if processes() == 1:
        return
    for module in network.modules():
        if type(module) in (nn.BatchNorm1d, nn.BatchNorm2d):
            module.__class__ = JointBatchNorm


class JointBatchNorm(_BatchNorm):
    """Batch norm [B D …] whose mean and variance are those of the joint batch; torch's SyncBatchNorm is for CUDA only.

    Each process sends count, mean and squared deviations; they are put together as Chan et al., 1979, do, which keeps
    the precision of two passes at the cost of one message. A share may be empty.
    """

    def forward(self, images: Tensor) -> Tensor:
        if not self.training:
            return super().forward(images)
        with torch.autocast(images.device.type, enabled=False):
            values = images.float()
            mean, variance, count = _joint_moments(values)
            self._keep(mean.detach(), variance.detach() * count / (count - 1).clamp(min=1))
            scale = (variance + self.eps).rsqrt()
            if self.affine:
                scale = scale * self.weight
            shape = (1, -1, *(1 for _ in values.shape[2:]))
            normed = (values - mean.view(shape)) * scale.view(shape)
            return (normed + self.bias.view(shape) if self.affine else normed).to(images.dtype)

    @torch.no_grad()
    def _keep(self, mean: Tensor, variance: Tensor) -> None:
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked += 1
        share = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance, share)

    def _check_input_dim(self, input: Tensor) -> None:
        """Both [B D] and [B D H W] are welcome."""


def _joint_moments(values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean [D] and variance [D] (by n) over all but axis 1 of the joint batch, and n."""
    rest = [axis for axis in range(values.ndim) if axis != 1]
    own = values.numel() // values.shape[1]
    mean = values.sum(rest) / max(own, 1)
    squares = (values - mean.view(1, -1, *(1 for _ in rest[1:]))).square().sum(rest)
    told = stacked(torch.cat([values.new_full((1,), own), mean, squares]))
    counts, means, spreads = torch.split(told, [1, len(mean), len(mean)], dim=1)
    total = counts.sum()
    joint = (counts * means).sum(0) / total
    return joint, (spreads + counts * (means - joint).square()).sum(0) / total, total


@torch.no_grad()
def average_gradients(network: nn.Module) -> None:
    """Put the mean over the processes in place of each gradient, in one message."""
    if processes() == 1:
        return
    gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
    together = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(together)
    together /= processes()
    for gradient, mean in zip(gradients, torch.split(together, [one.numel() for one in gradients]), strict=True):
        gradient.copy_(mean.view(gradient.shape))


@torch.no_grad()
def copy_from_first(network: nn.Module) -> None:
    """Give every process the weights and buffers of the first."""
    if processes() == 1:
        return
    for tensor in network.state_dict().values():
        whole = tensor.contiguous()
        distributed.broadcast(whole, src=0)
        tensor.copy_(whole)
