"""Self-supervised methods: views in, losses out. A new one is a file here and a line below."""

from engine.methods import (
    barlow_twins,
    byol,
    deep_cluster,
    dino,
    distillation,
    fine_tuning,
    instance_discrimination,
    moco_v1,
    moco_v2,
    simclr,
    simclr_v2,
    simsiam,
    swav,
    vicreg,
)
from engine.methods.base import METHODS, Batch, Method, SmallCrops, build_method
from engine.methods.stage import STAGES, Stage

__all__ = [
    "METHODS",
    "STAGES",
    "Batch",
    "Method",
    "SmallCrops",
    "Stage",
    "barlow_twins",
    "build_method",
    "byol",
    "deep_cluster",
    "dino",
    "distillation",
    "fine_tuning",
    "instance_discrimination",
    "moco_v1",
    "moco_v2",
    "simclr",
    "simclr_v2",
    "simsiam",
    "swav",
    "vicreg",
]
