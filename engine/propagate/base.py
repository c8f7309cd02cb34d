"""What a propagation method is: seeds and a graph in, probabilities for every image out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from scipy.sparse import csr_array

from engine.registry import Registry
from engine.types import Floats, Indices

PROPAGATIONS: Registry[type[Propagator]] = Registry("propagation")
FEW = 30  # labels left out below which a calibration is rough


@dataclass(frozen=True, eq=False)
class Answer:
    """What a method says about every image."""

    probabilities: Floats  # [N L], rows sum to 1, or to 0 where no label reaches the image
    solution: Floats  # [N L], what the method hands to its next call as a warm start
    steps: int  # passes over the graph that it took


@dataclass(frozen=True)
class Calibration:
    """How probabilities were made as sure as they are right, and on how many labels that rests."""

    method: str  # “temperature”, “isotonic” (after a temperature), or “none” where no label could be left out
    temperature: float  # above 1: less sure than the classifier said; below 1: surer
    labels: int  # that were left out and judged

    @property
    def sentence(self) -> str:
        """In plain words."""
        if not self.labels:
            return "probabilities as they came: no class has two labels yet by which to judge them"
        how = "softened" if self.temperature > 1.05 else "sharpened" if self.temperature < 0.95 else "left as they came"
        few = ", few to go by" if self.labels < FEW else ""
        return f"probabilities {how} (temperature {self.temperature:.2g}) by {self.labels} labels left out{few}"


class Propagator(Protocol):
    """A method, made from its Config; it holds no state."""

    Config: type[Any]

    def __init__(self, config: Any) -> None: ...

    def answer(self, affinity: csr_array, labels: Indices, classes: int, start: Floats | None = None) -> Answer:
        """Propagate.

        Args:
            affinity: [N N], symmetric, ≥ 0, zero diagonal.
            labels: class code per image [N], UNKNOWN where it is to be found.
            classes: L, codes run from 0 to L - 1; a class may have no label.
            start: the `solution` of an earlier answer [N L], for a warm start; the result does not depend on it.
        """
        ...
