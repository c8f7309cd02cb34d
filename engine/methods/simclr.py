"""SimCLR: views of one thing attract, views of all other things in the batch repel.

Chen et al., ICML 2020, https://arxiv.org/abs/2002.05709, equation 1 (NT-Xent). With several positives an anchor, the
mean over them stands outside the logarithm, as in Khosla et al., NeurIPS 2020, https://arxiv.org/abs/2004.11362,
equation 2 (L_out); with one positive both are the same. Differs: narrower projector; two views of the same image are
never negatives, and images that a prior knows to be alike need not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from engine.encoders import Encoder
from engine.methods.base import METHODS, Batch, Method
from engine.methods.heads import directions, full_precision, mlp
from engine.methods.joint import gather
from engine.settings import setting


@METHODS.register("simclr")
class SimCLR(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "contrastive",
        "when_to_use": "The sound first choice. Likes large batches: an image is told apart from the rest of it.",
        "assumes": "Two images drawn at random mostly show different things.",
        "cost": "low",
        "minimum_batch": 32,
    }

    @dataclass(frozen=True)
    class Config:
        temperature: float = setting(
            0.2,
            "lower looks at the hardest negatives only; the paper uses 0.1 to 0.5",
            minimum=0.01,
            maximum=10,
            symbol="τ",
        )
        width: int = setting(128, "features that are compared", minimum=2, maximum=4096)
        hidden: int = setting(512, "features inside the projector", minimum=2, maximum=8192, advanced=True)
        kin: str = setting(
            "ignore",
            "what two images are to each other that a prior knows to be alike",
            choices=("ignore", "negative", "positive"),
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        super().__init__(encoder, config)
        self.projector = mlp(encoder.width, config.hidden, config.width)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        positive, ignored = pair_masks(batch, self.config.kin)
        projections = self.project(batch.views.flatten(0, 1))
        projections = gather(projections.view(*batch.rows.shape, -1), dim=1).flatten(0, 1)
        with full_precision(projections):
            total = nt_xent(directions(projections), positive, ignored, self.config.temperature)
        candidates = len(ignored) - ignored.sum(dim=1)
        return {"total": total, "trivial": candidates.float().log().mean()}


def pair_masks(batch: Batch, kin: str) -> tuple[Tensor, Tensor]:
    """Who is whose positive, and who is left out: two masks [M M] over the M = V·B views of the joint batch.

    Views in one column are positives. Left out are each view itself and the same image in other columns.
    """
    rows = gather(batch.rows, dim=1)
    views, count = rows.shape
    column = torch.arange(count, device=rows.device).repeat(views)
    itself = torch.eye(views * count, dtype=torch.bool, device=rows.device)
    positive = _equal(column) & ~itself
    ignored = _equal(rows.flatten()) & ~positive
    if kin != "negative":
        akin = batch.akin(rows.flatten(), rows.flatten()) & ~itself
        if kin == "positive":
            positive |= akin & ~ignored
        else:
            ignored |= akin & ~positive
    return positive, ignored


def nt_xent(projections: Tensor, positive: Tensor, ignored: Tensor, temperature: float) -> Tensor:
    """Mean over anchors i and their positives p of -log(exp(zᵢ·zₚ/τ) / Σₐ exp(zᵢ·zₐ/τ)), a all that are not ignored.

    Args:
        projections: unit vectors [M D], float32.
        positive: mask [M M]; each row has at least one.
        ignored: mask [M M], true on the diagonal; disjoint from `positive`.
        temperature: τ, > 0.

    Returns:
        A scalar; log of the number of candidates where all projections are alike. Memory is O(M²).
    """
    logits = (projections @ projections.T / temperature).masked_fill(ignored, -torch.inf)
    per_anchor = logits.masked_fill(~positive, 0).sum(dim=1) / positive.sum(dim=1)
    return (logits.logsumexp(dim=1) - per_anchor).mean()


def _equal(codes: Tensor) -> Tensor:
    """Codes [M] → mask [M M] of the pairs with equal codes."""
    return codes[:, None] == codes
