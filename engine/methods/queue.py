"""A queue of vectors from past batches: the newest enter, the oldest leave. All of it is part of the state dict."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.methods.heads import directions
from engine.types import UNKNOWN


class Queue(nn.Module):
    """Unit vectors [K D], newest first, and of which image each is: UNKNOWN for those it begins with.

    It begins with random directions, as He et al. do. The batches may be of any size.
    """

    vectors: Tensor
    rows: Tensor

    def __init__(self, length: int, width: int) -> None:
        super().__init__()
        self.register_buffer("vectors", directions(torch.randn(length, width)))
        self.register_buffer("rows", torch.full((length,), UNKNOWN))

    @torch.no_grad()
    def push(self, vectors: Tensor, rows: Tensor) -> None:
        """Put vectors [M D] in front. Tensors are replaced, not changed: a loss may still need the old ones."""
        length = len(self.rows)
        self.vectors = torch.cat([vectors, self.vectors])[:length]
        self.rows = torch.cat([rows, self.rows])[:length]
