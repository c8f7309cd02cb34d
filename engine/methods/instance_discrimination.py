"""Instance discrimination: every image is a class of its own, and a memory of all images is the classifier.

Wu et al., CVPR 2018, https://arxiv.org/abs/1805.01978, equations 2 and 3 (softmax over all images), 4 to 8 (its
estimate against noise) and 10 (the proximal term). Differs: the softmax is exact where the images are few, as in the
paper's comparison on CIFAR-10; the noise is drawn once a step for all of a batch; the memory moves a share of the way
to what the network says, as in the authors' code; every view of a batch counts, where the paper draws one; a partner is
taken for the image that it is a partner of, and its own entry is then no rival; nor are images that a prior knows to
be alike, which are left out of the sum or the noise; the run's optimiser and schedule in place of SGD.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import directions, full_precision, mlp
from engine.methods.joint import gather
from engine.settings import setting


@METHODS.register("instance_discrimination")
class InstanceDiscrimination(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "contrastive",
        "when_to_use": "Where batches must be small: the negatives are in a memory of all images. SimCLR is its heir.",
        "assumes": "No two images show the same thing. Each image is seen often, for its memory to be of use.",
        "cost": "low",
        "minimum_batch": 8,
    }
    memory: Tensor
    log_normaliser: Tensor

    @dataclass(frozen=True)
    class Config:
        temperature: float = setting(
            0.07, "lower looks at the most similar images only", minimum=0.01, maximum=10, symbol="τ"
        )
        width: int = setting(128, "features that are compared", minimum=2, maximum=4096)
        negatives: int = setting(
            16_384,
            "other images that one is told from in a step: all of them where there are no more; the paper draws 4096",
            minimum=1,
            maximum=1_000_000,
            symbol="m",
        )
        memory_momentum: float = setting(
            0.5, "share of an image's memory that stays when it is seen again", minimum=0, maximum=0.999
        )
        proximal: float = setting(
            0.0,
            "pull of an image's vector towards its memory; the paper tries 0 to 50",
            minimum=0,
            maximum=1000,
            symbol="λ",
            advanced=True,
        )

        kin: str = setting(
            "ignore",
            "what two images are to each other that a prior knows to be alike",
            choices=("ignore", "negative"),
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.projector = mlp(encoder.width, config.width)

    def make_room(self, images: int) -> None:
        assert images > 0, "instance discrimination keeps a vector for each image and must know how many there are"
        self.register_buffer("memory", directions(torch.randn(images, self.config.width)))
        self.register_buffer("log_normaliser", torch.tensor(-torch.inf))  # log Z of equation 8, from the first batch
        self._seen = (torch.empty(0, dtype=torch.long), torch.empty(0))  # rows and vectors, until after the step

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        projections = [self.project(view) for view in batch.views]  # one by one: batch norm sees each view by itself
        rows = gather(batch.rows, dim=1)
        own = rows[0]
        with full_precision(projections[0]):
            vectors = [gather(directions(projection)) for projection in projections]
            if len(self.memory) - 1 <= self.config.negatives:
                total, trivial = self._exact(vectors, rows, batch)
            else:
                total, trivial = self._against_noise(vectors, rows, batch)
            drift = (vectors[0] - self.memory[own]).square().sum(dim=1).mean()
            total = total + self.config.proximal * drift
        self._seen = own, vectors[0].detach()
        return {"total": total, "trivial": trivial + 2 * self.config.proximal}

    @torch.no_grad()
    def after_step(self, progress: float) -> None:
        """Move the memory of the images of this step towards what the network said of them."""
        rows, place = torch.unique(self._seen[0], return_inverse=True)  # balanced batches may show an image twice
        said = self.memory.new_zeros(len(rows), self.config.width).index_add(0, place, self._seen[1])
        said = said / place.bincount()[:, None]
        self.memory[rows] = directions(self.memory[rows].lerp(said, 1 - self.config.memory_momentum))

    def _exact(self, vectors: list[Tensor], rows: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        own, temperature = rows[0], self.config.temperature
        left_out = self._no_rivals(rows, torch.arange(len(self.memory), device=rows.device), batch)
        terms = [
            instance_softmax(views, self.memory, own, no_rivals, temperature)
            for views, no_rivals in zip(vectors, left_out, strict=True)
        ]
        return torch.stack(terms).mean(), (~left_out).sum(dim=2).float().log().mean()

    def _against_noise(self, vectors: list[Tensor], rows: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        count, temperature = self.config.negatives, self.config.temperature
        noise = torch.randint(len(self.memory), (count,), generator=batch.random).to(rows.device)
        with torch.no_grad():
            logits = vectors[0] @ self.memory[noise].T / temperature
            estimate = logits.flatten().logsumexp(0) - math.log(logits.numel()) + math.log(len(self.memory))
            self.log_normaliser = torch.where(self.log_normaliser.isinf(), estimate, self.log_normaliser)
        level = self.log_normaliser + math.log(count / len(self.memory))  # log of Z m Pₙ, where data and noise are even
        left_out = self._no_rivals(rows, noise, batch)
        terms = [
            noise_contrast(views, self.memory[rows[0]], self.memory[noise], no_rivals, temperature, level)
            for views, no_rivals in zip(vectors, left_out, strict=True)
        ]
        against = (~left_out).sum(dim=2).float().mean()
        return torch.stack(terms).mean(), math.log1p(count) + against * math.log1p(1 / count)

    def _no_rivals(self, rows: Tensor, others: Tensor, batch: Batch) -> Tensor:
        """Which of the others [J] are no rivals of each image, a mask [V B J]: its partner while that is shown, kin."""
        own = rows[0]
        mask = (rows[:, :, None] == others) & (rows != own)[:, :, None]
        if self.config.kin == "negative":
            return mask
        return mask | (batch.akin(own, others) & (own[:, None] != others))


def instance_softmax(features: Tensor, memory: Tensor, own: Tensor, left_out: Tensor, temperature: float) -> Tensor:
    """Mean over features f of -log(exp(vᵢ·f/τ) / Σⱼ exp(vⱼ·f/τ)): equations 2 and 3.

    Args:
        features: unit vectors [B D], float32.
        memory: unit vectors [N D].
        own: i of each feature [B].
        left_out: mask [B N] of the images that the sum leaves out; never i.
        temperature: τ, > 0.
    """
    logits = features @ memory.T / temperature
    return F.cross_entropy(logits.masked_fill(left_out, -torch.inf), own)


def noise_contrast(
    features: Tensor, own: Tensor, noise: Tensor, left_out: Tensor, temperature: float, level: Tensor
) -> Tensor:
    """Mean over features of -log h(i) - Σₖ log(1 - h(k)), k the noise: equations 4, 6 and 7.

    h(j) = P(j) / (P(j) + m Pₙ(j)) is the chance that image j came from the data and not from the noise, with
    P(j) = exp(vⱼ·f/τ) / Z and Pₙ = 1/N.

    Args:
        features: unit vectors [B D], float32.
        own: unit vectors [B D], vᵢ of each.
        noise: unit vectors [m D] of images drawn uniformly.
        left_out: mask [B m] of the noise that does not count for a feature.
        temperature: τ, > 0.
        level: log(Z m Pₙ), a scalar.
    """
    positive = (features * own).sum(dim=1) / temperature - level  # log of h / (1 - h)
    negative = features @ noise.T / temperature - level
    against = F.softplus(negative).masked_fill(left_out, 0).sum(dim=1)
    return (F.softplus(-positive) + against).mean()
