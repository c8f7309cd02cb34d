"""Which stages a kind of job goes through. Each stage is a process of its own, one after the other in one run:
faiss and torch never meet, and each stage's memory goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.jobs.combine_request import CombineRequest
from engine.jobs.request import EmbedRequest, Request, Training


@dataclass(frozen=True)
class Stage:
    """One step of a job."""

    title: str  # what a person reads while it runs
    task: str  # module with `run(context)`
    saves: bool = False  # whether it saves where it is when asked to stop; others may be ended at any moment


TRAINING = Stage("Training", "engine.jobs.tasks.train", saves=True)
EPOCHS = Stage("Drawing the map by epoch", "engine.jobs.tasks.epochs")
EMBEDDING = Stage("Embedding", "engine.jobs.tasks.embed")
COMBINING = Stage("Combining", "engine.jobs.tasks.combine")
NEIGHBOURS = Stage("Finding neighbours", "engine.jobs.tasks.neighbours")
MAP = Stage("Drawing the map", "engine.jobs.tasks.map")
TILING = Stage("Cutting tiles", "engine.jobs.tasks.tile")
SCAN = Stage("Reading the images", "engine.jobs.tasks.prepare")
BENCH = Stage("Benchmark", "engine.bench.run", saves=True)  # by name alone: the bench starts jobs, and lies below them

STAGES: Mapping[str, tuple[Stage, ...]] = {
    "train": (TRAINING, EPOCHS),
    "finetune": (TRAINING, EPOCHS),
    "distil": (TRAINING, EPOCHS),
    "embed": (EMBEDDING, NEIGHBOURS, MAP),
    "combine": (COMBINING, NEIGHBOURS, MAP),
    "map": (NEIGHBOURS, MAP),
    "prepare": (SCAN,),
    "tile": (TILING, SCAN),
    "bench": (BENCH,),
}


def stages_of(request: Request) -> tuple[Stage, ...]:
    """The stages of a request, in order."""
    stages = STAGES[request.kind]
    if isinstance(request, Training) and not request.embed_after:
        return tuple(stage for stage in stages if stage is not EPOCHS)
    if isinstance(request, EmbedRequest | CombineRequest) and not request.map:
        return tuple(stage for stage in stages if stage is not MAP)
    return stages
