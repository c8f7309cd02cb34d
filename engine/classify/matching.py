"""Matching networks' attention: every labelled image votes for its class, in proportion to a softmax of its likeness.

Vinyals et al., NIPS 2016, https://arxiv.org/abs/1606.04080, equation 1 with the attention of section 2.1.1. Differs:
the embedding is given, so neither it nor the context embeddings are trained for the vote; cosines are divided by a
temperature, which a trained network would learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.classify.base import CLASSIFIERS, Answer, Task, in_blocks, one_hot, softmax
from engine.settings import setting


@dataclass(frozen=True)
class MatchingConfig:
    """What the attention can be told."""

    temperature: float = setting(
        0.1, "softness of the attention; small ones listen to the most alike only", minimum=0.01, maximum=10, symbol="τ"
    )


@CLASSIFIERS.register("matching")
class Matching:
    """Matching: every labelled image votes for its class, in proportion to a softmax of its likeness.

    Vinyals et al., NIPS 2016, https://arxiv.org/abs/1606.04080. Follows classes of several clumps; a class with more
    labels has more votes.
    """

    name: ClassVar[str]
    Config = MatchingConfig

    def __init__(self, config: MatchingConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        support, members = task.directions[task.support], one_hot(task.codes, len(task.seen))
        votes = in_blocks(task.directions, lambda block: softmax(block @ support.T / self.config.temperature) @ members)
        return Answer(task.for_all(votes))
