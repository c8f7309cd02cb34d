"""Momentum contrast, which MoCo v1 and v2 share: each query finds its key among those that a slow copy made of others.

He et al., CVPR 2020, https://arxiv.org/abs/1911.05722, equations 1 and 2 and algorithm 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import Batch, Method
from engine.methods.heads import directions, full_precision
from engine.methods.joint import gather, processes
from engine.methods.momentum import follow, slow_copy
from engine.methods.queue import Queue
from engine.settings import setting

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
    kin: str = setting(
        "ignore",
        "what two images are to each other that a prior knows to be alike",
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

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        rows = gather(batch.rows, dim=1)
        own = slice(batch.first, batch.first + batch.rows.shape[1])
        together, shuffled = (part_of_each(rows.shape[1], self.config.parts, shift)[own] for shift in (0, 1))
        queries = in_parts(self.project, batch.views[0], together)
        with torch.no_grad():
            keys = [gather(directions(in_parts(self.target, view, shuffled))) for view in batch.views[1:]]
        with full_precision(queries):
            queries = gather(directions(queries))
            ignored = self._ignored(batch, rows)
            terms = [
                info_nce(queries, key, self.queue.vectors, mask, self.config.temperature)
                for key, mask in zip(keys, ignored, strict=True)
            ]
            total = torch.stack(terms).mean()
        candidates = 1 + (~ignored).sum(dim=2)
        self.queue.push(torch.cat(keys), rows[1:].flatten())
        return {"total": total, "trivial": candidates.float().log().mean()}

    def after_step(self, progress: float) -> None:
        """Move the key network towards the other (equation 2)."""
        follow(self.target, (self.encoder, self.projector), self.config.momentum)

    def _ignored(self, batch: Batch, rows: Tensor) -> Tensor:
        """Keys of the queue that are no negatives, a mask [V-1 B K]: of the images that a pair itself shows, and kin.

        The queue remembers of which image each key is, so what priors know holds for keys of past batches too.
        """
        shown = self.queue.rows
        ignored = (rows[:1, :, None] == shown) | (rows[1:, :, None] == shown)
        return ignored | batch.akin(rows[0], shown) if self.config.kin == "ignore" else ignored


def part_of_each(images: int, parts: int, shift: int) -> Tensor:
    """Which part [B] of a batch each image is normalised in: dealt out in turn, the deal moved on by `shift` a round.

    Queries (shift 0) and keys (shift 1) meet different images, which stands for the shuffling of He et al., section
    3.3: normalised over the same ones, a key would be given away. Batches come in random order, so which images meet
    is random. Dealt out, each part is spread evenly over processes that share the batch. Small batches make fewer
    parts: of `FEWEST` images at least, and with one of each process at least, which two rounds each make sure of.
    """
    parts = max(1, min(parts, images // max(FEWEST, 2 * processes())))
    index = torch.arange(images)
    return (index + shift * (index // parts)) % parts


def in_parts(network: Callable[[Tensor], Tensor], images: Tensor, part: Tensor) -> Tensor:
    """The network's output [B D] of images [B 3 H W], where batch norm sees each part [B] by itself."""
    members = [(part == one).nonzero().squeeze(1).to(images.device) for one in range(int(part.max()) + 1)]
    outputs = torch.cat([network(images[rows]) for rows in members])
    return outputs[torch.cat(members).argsort()]


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
