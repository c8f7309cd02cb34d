"""k nearest neighbours: the nearest labelled images vote, the nearer the louder.

Wu et al., CVPR 2018, https://arxiv.org/abs/1805.01978, section 3.4: weights e^(cosine / τ). Cover and Hart, IEEE
Transactions on Information Theory 1967, https://doi.org/10.1109/TIT.1967.1053964.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.classify.base import CLASSIFIERS, Answer, Task, in_blocks, one_hot, softmax
from engine.settings import setting
from engine.types import Floats


@dataclass(frozen=True)
class KnnConfig:
    """What the vote of neighbours can be told."""

    neighbours: int = setting(20, "labelled images that vote", minimum=1, maximum=1000, symbol="k")
    temperature: float = setting(
        0.07, "how fast a vote loses weight with likeness", minimum=0.01, maximum=10, symbol="τ"
    )


@CLASSIFIERS.register("knn")
class Knn:
    """k nearest neighbours: the nearest labelled images vote, the nearer the louder.

    Wu et al., CVPR 2018, https://arxiv.org/abs/1805.01978, section 3.4.
    """

    name: ClassVar[str]
    Config = KnnConfig

    def __init__(self, config: KnnConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        support, members = task.directions[task.support], one_hot(task.codes, len(task.seen))
        return Answer(task.for_all(in_blocks(task.directions, lambda block: self._vote(block @ support.T, members))))

    def _vote(self, cosines: Floats, members: Floats) -> Floats:
        """Shares of the votes [B L], from cosines [B S] and the classes of the voters [S L]."""
        count = self.config.neighbours
        if count < cosines.shape[1]:
            least = np.partition(cosines, -count, axis=1)[:, [-count]]
            cosines = np.where(cosines >= least, cosines, -np.inf)
        shares: Floats = softmax(cosines / self.config.temperature) @ members
        return shares
