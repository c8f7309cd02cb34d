"""Self-supervised methods: views in, losses out. A new one is a file here and a line below."""

from engine.methods import barlow_twins, byol, instance_discrimination, moco_v1, moco_v2, simclr, simsiam, vicreg
from engine.methods.base import METHODS, Batch, Method, SmallCrops, build_method

__all__ = [
    "METHODS",
    "Batch",
    "Method",
    "SmallCrops",
    "barlow_twins",
    "build_method",
    "byol",
    "instance_discrimination",
    "moco_v1",
    "moco_v2",
    "simclr",
    "simsiam",
    "vicreg",
]
