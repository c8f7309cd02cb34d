"""A few steps of every method, in one process or, under torchrun, in several. Used by test_processes.py.

torchrun --standalone --nproc-per-node 2 -m tests.train.spread FOLDER [METHOD …]
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed

from engine.encoders import build_encoder
from engine.methods import METHODS, build_method
from engine.methods.joint import rank
from engine.priors.candidates import Kin, same_value
from engine.train.batches import Known, alone
from engine.train.config import TrainConfig
from engine.train.loop import Step, Training
from engine.train.measure import random_images
from engine.types import Indices
from engine.views.recipe import PRESETS
from tests.contracts.small import small_encoder, small_settings

IMAGES = 14  # in batches of 7: two processes take 3 and 4
GROUPS = np.arange(IMAGES) // 4
KIN = Kin([same_value(GROUPS)])
STEEP = ("perceptual_autoencoder",)  # its loss makes much of rounding: at 0.02 steps differ by 3e-3 after four
BALANCED = ("simclr", "moco_v2", "instance_discrimination")  # over groups, of which one is so small that images repeat


@dataclass(frozen=True)
class Outcome:
    """What a run leaves behind."""

    losses: list[dict[str, float]]
    state: dict[str, Tensor]


def next_image(anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
    return (anchors[:, None] + rng.integers(1, 3, (len(anchors), count))) % IMAGES


def outcome(name: str) -> Outcome:
    """Two epochs of two steps, by plain gradient descent: Adam would make much of rounding where a gradient is 0."""
    network = build_encoder(*small_encoder(name))
    method = build_method(name, network, small_settings(name), images=IMAGES)
    rate = 0.002 if name in STEEP else 0.02
    config = TrainConfig(
        epochs=2, batch=7, size=32, optimiser="sgd", learning_rate=rate, warmup_epochs=0, precision="float32"
    )
    pairing = next_image if method.views > 1 else alone
    known = Known(KIN, owners=GROUPS if name in BALANCED else None)
    images = random_images(IMAGES, 32)
    training = Training(method, images, pairing, known, PRESETS["natural"], config, torch.device("cpu"))
    steps: list[Step] = list(training.steps())
    return Outcome([step.losses for step in steps], method.state_dict())


if __name__ == "__main__":
    torch.set_num_threads(1)
    distributed.init_process_group("gloo")
    made = {name: vars(outcome(name)) for name in sys.argv[2:] or METHODS}
    torch.save(made, Path(sys.argv[1]) / f"{rank()}.pt")
    distributed.destroy_process_group()
    assert int(os.environ["WORLD_SIZE"]) == 2
