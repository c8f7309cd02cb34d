"""SimCLR v2: SimCLR with a deeper head, whose first layers are kept when a few labels then teach it classes.

Chen et al., NeurIPS 2020, https://arxiv.org/abs/2006.10029, section 2: this is its first stage, learning from all
images without labels; engine/methods/fine_tuning.py is its second, engine/methods/distillation.py its third. The loss
is NT-Xent, as in engine/methods/simclr.py. Differs: narrower head; no memory of earlier batches, which brought the
paper about one point; networks of any size, where the paper says that the largest gain most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.encoders import Encoder
from engine.methods.base import METHODS, Method
from engine.methods.heads import mlp
from engine.methods.simclr import SimCLR
from engine.methods.stage import pack_layers
from engine.settings import setting


@METHODS.register("simclr_v2")
class SimCLRv2(SimCLR):
    card: ClassVar[dict[str, object]] = {
        "family": "contrastive",
        "when_to_use": "Where some dozens of images will be labelled: they then teach the network, and it a student.",
        "assumes": "Two images drawn at random mostly show different things.",
        "cost": "low",
        "minimum_batch": 32,
    }

    @dataclass(frozen=True)
    class Config(SimCLR.Config):
        depth: int = setting(3, "layers of the projector; fine-tuning keeps the first of them", minimum=2, maximum=8)

    config: Config

    def __init__(self, encoder: Encoder, config: Config) -> None:
        Method.__init__(self, encoder, config)
        self.widths = (encoder.width, *[config.hidden] * (config.depth - 1), config.width)
        self.projector = mlp(*self.widths)

    def keeps(self) -> dict[str, Any]:
        return {"projector": pack_layers(self.projector, self.widths)}
