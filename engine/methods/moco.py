"""Momentum contrast, which MoCo v1 and v2 share: each query finds its key among those that a slow copy made of others.

He et al., CVPR 2020, https://arxiv.org/abs/1911.05722, equations 1 and 2 and algorithm 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import Batch, Method
from engine.methods.heads import directions, full_precision
from engine.methods.momentum import follow, slow_copy
from engine.methods.queue import Queue
from engine.settings import setting
from engine.types import UNKNOWN

FEWEST = 4  # images that batch norm sees together, below which a batch is split no further


@dataclass(frozen=True)
class MoCoConfig:
    """What both versions can be told."""

    temperature: float = setting(0.2, "lower looks at the hardest negatives only", minimum=0.01, maximum=10, symbol="τ")
    momentum: float = setting(
        0.99,
        "how slowly the key network follows; the paper uses 0.999 over many more steps",
        minimum=0,
        maximum=1,
        symbol="m",
    )
    queue: int = setting(
        4096,
        "keys of past batches to tell an image from; the paper uses 65536",
        minimum=2,
        maximum=1_000_000,
        symbol="K",
    )
    width: int = setting(128, "features that are compared", minimum=2, maximum=4096)
    same_group: str = setting(
        "ignore",
        "what two images of one group are to each other, where a prior knows groups",
        choices=("ignore", "negative"),
    )
    parts: int = setting(
        4,
        "parts of a batch that batch norm sees apart, as if on devices of their own",
        minimum=1,
        maximum=64,
        advanced=True,
    )


class MoCo(Method):
    """View 0 of a batch is the query, each other view is a key of it; the keys of past batches are the negatives."""

    def __init__(self, encoder: Encoder, config: Any, projector: nn.Module) -> None:
        super().__init__(encoder, config)
        self.projector = projector
        self.target = slow_copy(encoder, projector)
        self.queue = Queue(config.queue, config.width)

    def project(self, images: Tensor) -> Tensor:
        projections: Tensor = self.projector(self.encoder(images))
        return projections

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        count = batch.rows.shape[1]
        parts = max(1, min(self.config.parts, count // FEWEST))
        queries = torch.cat([self.project(part) for part in batch.views[0].tensor_split(parts)])
        with torch.no_grad():
            keys = [directions(interleaved(self.target, view, parts)) for view in batch.views[1:]]
        with full_precision(queries):
            queries = directions(queries)
            ignored = [self._ignored(batch, view) for view in range(1, len(batch.rows))]
            terms = [
                info_nce(queries, key, self.queue.vectors, mask, self.config.temperature)
                for key, mask in zip(keys, ignored, strict=True)
            ]
            total = torch.stack(terms).mean()
        candidates = 1 + (~torch.stack(ignored)).sum(dim=2)
        groups = None if batch.groups is None else batch.groups[1:].flatten()
        self.queue.push(torch.cat(keys), batch.rows[1:].flatten(), groups)
        return {"total": total, "trivial": candidates.float().log().mean()}

    def after_step(self, progress: float) -> None:
        """Move the key network towards the other (equation 2)."""
        follow(self.target, (self.encoder, self.projector), self.config.momentum)

    def _ignored(self, batch: Batch, view: int) -> Tensor:
        """Keys of the queue that are no negatives, as a mask [B K]: those of the images that this pair itself shows."""
        shown = self.queue.rows
        ignored = (batch.rows[0][:, None] == shown) | (batch.rows[view][:, None] == shown)
        if batch.groups is not None and self.config.same_group == "ignore":
            known = batch.groups[0][:, None]
            ignored |= (known == self.queue.groups) & (known != UNKNOWN)
        return ignored


def interleaved(network: nn.Module, images: Tensor, parts: int) -> Tensor:
    """The network's output [B D] where batch norm sees every parts-th image together, instead of neighbours in line.

    It stands for the shuffling of He et al., section 3.3: a query and its key are never normalised over the same
    images, which would give the key away. Batches come in random order, so which images meet is random.
    """
    outputs: list[Tensor] = [network(images[first::parts]) for first in range(parts)]
    mixed = outputs[0].new_empty(len(images), *outputs[0].shape[1:])
    for first, output in enumerate(outputs):
        mixed[first::parts] = output
    return mixed


def info_nce(queries: Tensor, keys: Tensor, queue: Tensor, ignored: Tensor, temperature: float) -> Tensor:
    """Mean over queries q of -log(exp(q·k₊/τ) / (exp(q·k₊/τ) + Σₖ exp(q·k/τ))), k all of the queue not ignored.

    Args:
        queries: unit vectors [B D], float32.
        keys: unit vectors [B D], the positive of each query.
        queue: unit vectors [K D], the negatives of all.
        ignored: mask [B K].
        temperature: τ, > 0.

    Returns:
        A scalar; log of the number of candidates where all vectors are alike.
    """
    positive = (queries * keys).sum(dim=1, keepdim=True)
    negative = (queries @ queue.T).masked_fill(ignored, -torch.inf)
    logits = torch.cat([positive, negative], dim=1) / temperature
    return F.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long, device=logits.device))
