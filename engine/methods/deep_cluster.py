"""DeepCluster: cluster the features, learn to tell the clusters apart, and again.

Caron et al., ECCV 2018, https://arxiv.org/abs/1807.05520, equations 1 (classification), 2 (k-means) and 3 (agreement of
two clusterings), section 3.3 (empty clusters; each image weighs as much as its cluster is small, so that all clusters
count alike). Differs: two views of an image a step, where the paper draws one; a partner is taught to be in the cluster
of the image that it is a partner of, which is how a prior enters; k-means starts from images drawn at random and takes
at most 20 rounds, as the authors' code does; several epochs pass between two clusterings, since on few images one epoch
is too short for a fresh classifier; fewer directions are clustered; the run's optimiser and schedule, whose running
means outlive the classifier, in place of SGD; no Sobel filter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import full_precision
from engine.methods.joint import gather, joint_mean
from engine.methods.k_means import agreement, k_means, whiten
from engine.settings import setting

ROUNDS = 20  # of k-means
PER_DIRECTION = 4  # images at least: whitened in as many directions as there are images, all are equally far apart


@METHODS.register("deep_cluster")
class DeepCluster(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "clustering",
        "when_to_use": "To see how clusters and features make each other. SwAV is its heir and usually the better one.",
        "assumes": "Images that look alike at first are of one kind. There are many more images than clusters.",
        "cost": "low",
        "minimum_batch": 16,
    }
    labels: Tensor
    weights: Tensor
    watched: Tensor
    updates: Tensor
    draws: Tensor

    @dataclass(frozen=True)
    class Config:
        clusters: int = setting(
            100,
            "clusters to make, at most one for each image: about ten times the classes one hopes for",
            minimum=2,
            maximum=100_000,
            symbol="k",
        )
        every: int = setting(
            4,
            "epochs from one clustering to the next; the paper uses 1, of far more steps",
            minimum=1,
            maximum=10_000,
        )
        components: int = setting(
            64,
            "strongest directions of the features that are clustered; the paper uses 256",
            minimum=1,
            maximum=256,
            advanced=True,
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.classifier = nn.Linear(encoder.width, config.clusters)
        self.register_buffer("watched", torch.zeros(2))  # clusters in use, agreement with the clustering before
        self.register_buffer("updates", torch.tensor(0))  # clusterings so far
        self.register_buffer("draws", torch.randint(2**62, ()))  # seed of the clusterings

    def make_room(self, images: int) -> None:
        assert images > 0, "DeepCluster keeps the cluster of each image and must know how many there are"
        self.register_buffer("labels", torch.arange(images) % self.config.clusters)  # until the first clustering
        self.register_buffer("weights", torch.ones(self.config.clusters))

    def project(self, images: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.encoder(images))
        return logits

    def assignments(self, images: Tensor) -> Tensor:
        """The cluster that the classifier takes each image for."""
        return self.project(images).argmax(dim=1)

    def before_epoch(self, epoch: int, embed: Callable[[], Tensor]) -> None:
        """Cluster all images anew and begin with a fresh classifier, every few epochs."""
        if epoch % self.config.every:
            return
        random = torch.Generator().manual_seed(int(self.draws) + epoch)
        found = self._cluster(embed(), random)
        before = self.labels[: len(found)]
        same = agreement(before.cpu(), found) if self.updates else 0.0
        counts = found.bincount(minlength=self.config.clusters)
        used = int((counts > 0).sum())
        self.weights.copy_(len(found) / (used * counts.clamp(min=1)))
        before.copy_(found)
        self.watched.copy_(torch.tensor([used, same]))
        self.updates += 1
        with torch.no_grad():
            self.classifier.weight.copy_(torch.randn(self.classifier.weight.shape, generator=random) * 0.01)
            self.classifier.bias.zero_()

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        logits = self.project(batch.views.flatten(0, 1))
        wanted = self.labels[batch.rows[0]]
        with full_precision(logits):
            losses = F.cross_entropy(logits.float(), wanted.repeat(len(batch.views)), reduction="none")
            weights = self.weights[wanted]
            total = joint_mean(weights * losses.view(batch.rows.shape).mean(dim=0))
            trivial = gather(weights).mean() * math.log(self.config.clusters)
        return {"total": total, "trivial": trivial, "clusters": self.watched[0], "agreement": self.watched[1]}

    def _cluster(self, features: Tensor, random: torch.Generator) -> Tensor:
        """The cluster [N] of each image, by k-means on whitened features [N D]."""
        vectors = whiten(features, min(self.config.components, max(1, len(features) // PER_DIRECTION)))
        first = torch.randperm(len(vectors), generator=random)[: self.config.clusters]
        return k_means(vectors, vectors[first], ROUNDS, random)
