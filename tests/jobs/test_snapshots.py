"""Snapshots: at which steps, of which images, and once only after a resume."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from engine import files
from engine.encoders import build_encoder
from engine.geometry.epochs import snapshots
from engine.jobs.tasks.snapshots import MOMENTS, Snapshots, moments
from engine.methods import build_method
from engine.run_folder import RunFolder
from engine.train.batches import alone
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.views.recipe import PRESETS

IMAGES, EPOCHS = 12, 3
IDS = [f"i{row}" for row in range(IMAGES)]


def training() -> Training:
    """Six steps in three epochs."""
    method = build_method("simsiam", build_encoder("nano", {"width": 8}), {})
    config = TrainConfig(epochs=EPOCHS, batch=IMAGES // 2, size=16)
    return Training(method, random_images(IMAGES, 16), alone, None, PRESETS["histology"], config, torch.device("cpu"))


def look_on(run: Training, snaps: Snapshots, steps: int) -> None:
    for _, _ in zip(range(steps), run.steps(), strict=False):
        snaps.look()


def test_moments_lie_evenly_on_a_logarithmic_scale() -> None:
    assert moments(1000) == [0, 10, 22, 46, 100, 215, 464, 1000]
    assert len(moments(1000)) == MOMENTS


def test_a_short_training_has_a_moment_after_each_step() -> None:
    assert moments(3) == [0, 1, 2, 3]


def test_the_untrained_network_and_the_end_are_always_kept(tmp_path: Path) -> None:
    run, folder = training(), RunFolder(tmp_path)
    look_on(run, Snapshots(folder, run, IDS), 6)
    taken = snapshots(folder)
    assert min(taken) == 0 and max(taken) == EPOCHS
    assert np.load(taken[0]).shape == (IMAGES, run.method.encoder.width)
    assert files.read_json(folder.snapshots / "images.json") == {"ids": IDS}


def test_looking_changes_nothing_in_the_training(tmp_path: Path) -> None:
    watched, alone_ = training(), training()
    look_on(watched, Snapshots(RunFolder(tmp_path), watched, IDS), 6)
    expected = [step.losses for step in alone_.steps()]
    assert watched.done == len(expected)
    for left, right in zip(watched.method.parameters(), alone_.method.parameters(), strict=True):
        assert torch.equal(left, right)


def test_a_run_that_goes_back_to_its_checkpoint_drops_what_comes_again(tmp_path: Path) -> None:
    run, folder = training(), RunFolder(tmp_path)
    look_on(run, Snapshots(folder, run, IDS), 6)
    again = training()
    again.done = 3
    Snapshots(folder, again, IDS)
    assert max(snapshots(folder)) <= 3 / again.epoch_steps
    assert 0 in snapshots(folder)
