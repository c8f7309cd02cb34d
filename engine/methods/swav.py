"""SwAV: views of one image must fall to the same prototypes, each predicting the other's assignment.

Caron et al., NeurIPS 2020, https://arxiv.org/abs/2006.09882, equations 1 and 2 (swapped prediction), 3 to 5 (equal
use of the prototypes, by Sinkhorn-Knopp) and 6 (multi-crop). Differs: a narrower head, fewer prototypes and sharper
assignments, for short trainings; one queue holds all whole views, where the authors' code keeps one of each; the run's
optimiser and schedule in place of LARS.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch
from engine.methods.heads import directions, full_precision, held, mlp
from engine.methods.joint import gather, joint_mean
from engine.methods.multi_crop import MultiCrop, MultiCropConfig, cross_entropy_across_views, every_view
from engine.methods.queue import Queue
from engine.settings import setting
from engine.types import UNKNOWN


@METHODS.register("swav")
class SwAV(MultiCrop):
    card: ClassVar[dict[str, object]] = {
        "family": "clustering",
        "when_to_use": "Where images fall into kinds of about equal size, or to see clusters while training.",
        "assumes": "Over a batch all clusters are equally common: very rare kinds are spread over others.",
        "cost": "high",
        "minimum_batch": 16,
    }

    @dataclass(frozen=True)
    class Config(MultiCropConfig):
        prototypes: int = setting(
            128,
            "clusters to tell apart: several times the classes, and fewer than a batch with its queue",
            minimum=2,
            maximum=100_000,
            symbol="K",
        )
        temperature: float = setting(0.1, "softness of the predictions", minimum=0.01, maximum=10, symbol="τ")
        evenness: float = setting(
            0.03,
            "softness of the assignments; far above it all become alike; the paper uses 0.05",
            minimum=0.01,
            maximum=1,
            symbol="ε",
        )
        iterations: int = setting(3, "rounds of balancing the assignments", minimum=1, maximum=100, advanced=True)
        queue: int = setting(
            1024,
            "vectors of past batches that are balanced together with a batch; 0 for none; the paper uses 3840",
            minimum=0,
            maximum=1_000_000,
        )
        queue_from: int = setting(
            5, "epochs before the queue begins to fill; the paper waits for 15", minimum=0, maximum=10_000
        )
        frozen_epochs: int = setting(
            1, "epochs at first in which the prototypes stand still", minimum=0, maximum=10_000, advanced=True
        )
        width: int = setting(128, "features that are compared", minimum=2, maximum=4096)
        hidden: int = setting(
            512, "features inside the projector; the paper uses 2048", minimum=2, maximum=8192, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.projector = mlp(encoder.width, config.hidden, config.width)
        self.prototypes = nn.Parameter(directions(torch.randn(config.prototypes, config.width)))
        self.queue = Queue(config.queue, config.width)

    def assignments(self, images: Tensor) -> Tensor:
        """The nearest prototype."""
        return (directions(self.project(images)) @ self.prototypes.T).argmax(dim=1)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        projections = every_view(self.encoder, self.projector, batch)
        with full_precision(projections):
            vectors = F.normalize(projections.float(), dim=2)
            frozen = int(self.epoch) < self.config.frozen_epochs
            logits = vectors @ held(self.prototypes, frozen).T / self.config.temperature
            codes = self._codes(vectors[: len(batch.views)].detach(), batch)
            total = joint_mean(cross_entropy_across_views(codes, logits))
            with torch.no_grad():
                shares = gather(logits[0].softmax(dim=1)).mean(dim=0)
                used = torch.special.entr(shares).sum().exp()
        trivial = torch.full_like(total, math.log(self.config.prototypes))
        return {"total": total, "trivial": trivial, "prototypes_used": used}

    @torch.no_grad()
    def after_step(self, progress: float) -> None:
        """Bring the prototypes back to length 1, as the authors do before each step."""
        self.prototypes.copy_(directions(self.prototypes))

    @torch.no_grad()
    def _codes(self, vectors: Tensor, batch: Batch) -> Tensor:
        """Assignments [V B K] of this process's whole views [V B D], balanced over the joint batch and the queue."""
        joint = gather(vectors, dim=1)
        full = self.config.queue > 0 and int(self.queue.rows[-1]) != UNKNOWN
        past = self.queue.vectors if full else vectors.new_empty(0, vectors.shape[2])
        scores = [torch.cat([view, past]) @ self.prototypes.T for view in joint]
        codes = [sinkhorn(score, self.config.evenness, self.config.iterations) for score in scores]
        if int(self.epoch) >= self.config.queue_from:
            self.queue.push(joint.flatten(0, 1), gather(batch.rows, dim=1).flatten())
        return torch.stack(codes)[:, batch.first : batch.first + len(batch.rows[0])]


def sinkhorn(scores: Tensor, epsilon: float, iterations: int) -> Tensor:
    """The assignments [M K] that follow the scores and use all K prototypes about equally; each row sums to 1.

    Sinkhorn-Knopp, as equation 5 and the authors' code: exp(scores / ε), scaled in turns so that every prototype, then
    every image, gets the same in all. In logarithms, so that no ε overflows.

    Args:
        scores: cosines of images and prototypes [M K], float32.
        epsilon: ε, > 0; smaller follows the scores more closely.
        iterations: turns; 3 leave the prototypes nearly equal.
    """
    codes = scores / epsilon
    for _ in range(iterations):
        codes = codes.log_softmax(dim=0)
        codes = codes.log_softmax(dim=1)
    return codes.exp()
