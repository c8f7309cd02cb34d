"""Prototype (SimpleShot): the class whose mean is nearest, over centred vectors at length 1.

Wang et al., 2019, https://arxiv.org/abs/1911.04623 (CL2N); probabilities as in Snell et al., NIPS 2017,
https://arxiv.org/abs/1703.05175, equation 2: softmax of -‖x - mean‖². Differs: the centre is the mean of all images of
the embedding, since there are no base classes; squared distances are multiplied, as vectors at length 1 lie close.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.classify.base import CLASSIFIERS, Answer, Task, class_means, softmax
from engine.geometry.distances import squared_distances
from engine.settings import setting


@dataclass(frozen=True)
class PrototypeConfig:
    """What the nearest prototype can be told."""

    sharpness: float = setting(
        10.0, "how fast a class loses probability with the squared distance", minimum=0.1, maximum=1000, advanced=True
    )


@CLASSIFIERS.register("prototype")
class Prototype:
    """Prototype (SimpleShot): the class whose mean is nearest, over centred vectors at length 1.

    Wang et al., 2019, https://arxiv.org/abs/1911.04623. Right from the first label a class on; cannot bend.
    """

    name: ClassVar[str]
    Config = PrototypeConfig

    def __init__(self, config: PrototypeConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        means = class_means(task.directions[task.support], task.codes, len(task.seen))
        return Answer(task.for_all(softmax(-self.config.sharpness * squared_distances(task.directions, means))))
