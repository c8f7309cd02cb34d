"""The loop: every image once an epoch, and a run that goes on as if it had never stopped."""

import copy
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.encoders import build_encoder
from engine.errors import CheckpointUnreadable, NoImages, RunFailed, SettingInvalid
from engine.methods import METHODS, build_method
from engine.priors.candidates import Kin, same_value
from engine.train.batches import Known, Order, alone, rows_of
from engine.train.checkpoint import load_checkpoint, save_checkpoint
from engine.train.config import TrainConfig, steps_in_epoch
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.train.monitors import Support
from engine.types import Indices
from engine.views.recipe import PRESETS
from tests.contracts.small import small_encoder, small_settings

CPU = torch.device("cpu")
CONFIG = TrainConfig(epochs=3, batch=8, size=16, warmup_epochs=1)  # 20 images: 3 steps an epoch, 9 in all


def training(
    method: str = "simclr", seed: int = 0, encoder: str = "", images: int = 20, size: int = 16, **more: Any
) -> Training:
    small, chosen = small_encoder(method)
    network = build_encoder(encoder or small, {} if encoder else chosen, seed=seed)
    built = build_method(method, network, small_settings(method), seed=seed, images=images)
    asked = {name: more.pop(name) for name in list(more) if hasattr(CONFIG, name)}
    config = replace(CONFIG, size=size, **asked)
    return Training(built, random_images(images, size), alone, None, PRESETS["histology"], config, CPU, **more)


EACH_STOP = [("simclr", 2), ("simclr", 4), ("simclr", 6)]  # within the first epoch, the second, between two epochs


@pytest.mark.parametrize(("method", "stop"), [*EACH_STOP, *((name, 4) for name in METHODS if name != "simclr")])
def test_a_resumed_run_is_bit_equal_to_one_that_never_stopped(method: str, stop: int, tmp_path: Path) -> None:
    whole = training(method)
    expected = list(whole.steps())

    stopped = training(method)
    for step in stopped.steps():
        if step.step == stop:
            break
    save_checkpoint(tmp_path / "last.pt", stopped.state())
    resumed = training(method, seed=77)  # other weights, so that everything must come from the checkpoint
    resumed.load(load_checkpoint(tmp_path / "last.pt"))
    rest = list(resumed.steps())

    assert [step.losses for step in rest] == [step.losses for step in expected[stop:]]
    assert [step.monitors for step in rest] == [step.monitors for step in expected[stop:]]
    _assert_equal(resumed.state(), whole.state())


def test_resuming_brings_back_the_random_numbers_inside_the_network() -> None:
    whole = training(encoder="imagenet_lite0", images=8, size=32)  # its blocks are dropped at random in training
    torch.manual_seed(3)
    steps = whole.steps()
    next(steps)
    state = whole.state()
    expected = next(steps).losses
    torch.manual_seed(4)
    resumed = training(encoder="imagenet_lite0", images=8, size=32, seed=5)
    resumed.load(state)
    assert next(resumed.steps()).losses == expected


def test_a_state_is_a_copy_that_later_steps_leave_alone() -> None:
    run = training()
    steps = run.steps()
    next(steps)
    state = run.state()
    before = copy.deepcopy(state)
    next(steps)
    _assert_equal(state, before)


@pytest.mark.parametrize(("images", "batch"), [(20, 8), (21, 10), (7, 256), (9, 8)])
def test_every_image_is_seen_once_an_epoch_in_batches_of_nearly_one_size(images: int, batch: int) -> None:
    order = Order(images, TrainConfig(batch=batch))
    seen = [order.anchors(1, step) for step in range(steps_in_epoch(images, batch))]
    sizes = [len(anchors) for anchors in seen]
    assert sorted(np.concatenate(seen)) == list(range(images))
    assert max(sizes) - min(sizes) <= 1 and max(sizes) <= batch


def test_no_image_is_in_a_step_by_itself() -> None:
    order = Order(7, TrainConfig(batch=2))
    sizes = [len(order.anchors(0, step)) for step in range(steps_in_epoch(7, 2))]
    assert sorted(sizes) == [2, 2, 3]
    assert steps_in_epoch(1, 2) == 1


def test_epochs_differ_in_their_order() -> None:
    order = Order(50, TrainConfig(batch=50))
    first, second = order.anchors(0, 0), order.anchors(1, 0)
    assert not np.array_equal(first, second) and np.array_equal(first, order.anchors(0, 0))


def test_the_first_view_is_the_anchor_and_the_others_are_its_partners() -> None:
    def next_image(anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
        return anchors[:, None] + np.arange(1, count + 1)

    rows = rows_of(np.array([5, 8]), next_image, 2, 0, 0, 0)
    assert rows.tolist() == [[5, 8], [6, 9], [7, 10]]


def test_steps_count_up_to_the_end_and_epochs_end_with_monitors() -> None:
    steps = list(training().steps())
    assert [step.step for step in steps] == list(range(1, 10))
    assert [step.epoch for step in steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert [step.epoch_ended for step in steps] == [False, False, True] * 3
    assert all(bool(step.monitors) == step.epoch_ended for step in steps)
    assert sum(step.views for step in steps) == 3 * 2 * 20


def test_the_loss_of_an_epoch_is_the_mean_of_its_steps() -> None:
    steps = list(training().steps())[:3]
    assert steps[-1].monitors["loss"] == pytest.approx(np.mean([step.losses["total"] for step in steps]))


def test_labels_are_watched_but_never_learnt_from() -> None:
    labels = np.arange(20) % 2
    watched, unwatched = list(training(support=Support(labels)).steps()), list(training().steps())
    assert [step.losses for step in watched] == [step.losses for step in unwatched]
    assert watched[-1].monitors["knn_chance"] == pytest.approx(0.5)
    assert "knn" not in unwatched[-1].monitors
    apart = list(training(support=Support(labels, labels)).steps())  # each class of one group: nothing can be asked
    assert "knn" not in apart[-1].monitors


def test_known_kin_reach_the_loss() -> None:
    run = training()
    run.known = Known(Kin([same_value(np.zeros(20, np.int64))]))  # all of one group: nothing is left to tell apart
    assert next(run.steps()).losses["total"] == pytest.approx(0, abs=1e-6)


def test_a_loss_that_is_no_number_ends_the_run_in_words() -> None:
    run = training()
    with torch.no_grad():
        run.method.encoder.stem.weight.fill_(torch.nan)
    with pytest.raises(RunFailed, match="smaller learning rate"):
        next(run.steps())


def test_a_run_that_gains_nothing_ends_early_and_a_resumed_one_at_the_same_step(tmp_path: Path) -> None:
    impatient = {"epochs": 9, "patience": 2, "min_improvement": 0.9}  # no epoch gains that much
    whole, stopped, resumed = (training(**impatient) for _ in range(3))
    assert list(whole.steps())[-1].epoch == 3 and whole.stopped_early
    list(islice(stopped.steps(), 5))
    save_checkpoint(tmp_path / "last.pt", stopped.state())
    resumed.load(load_checkpoint(tmp_path / "last.pt"))
    list(resumed.steps())
    _assert_equal(resumed.state(), whole.state())
    assert not list(resumed.steps())  # it has ended


def test_views_too_small_for_an_encoder_are_refused() -> None:
    with pytest.raises(SettingInvalid, match="at least 32 pixels"):
        training(encoder="imagenet_lite0", size=16)


def test_one_image_alone_cannot_be_told_apart() -> None:
    with pytest.raises(NoImages, match="at least 2"):
        training(images=1)


def test_a_checkpoint_of_other_images_is_refused() -> None:
    with pytest.raises(CheckpointUnreadable, match="images 21, now 20"):
        training().load(training(images=21).state())


def test_a_checkpoint_of_another_network_is_refused() -> None:
    with pytest.raises(CheckpointUnreadable, match="another network"):
        training("byol").load(training("simclr").state())


def _assert_equal(left: object, right: object) -> None:
    """Equal to the last bit, through dictionaries and lists."""
    if isinstance(left, dict):
        assert isinstance(right, dict) and left.keys() == right.keys()
        for key in left:
            _assert_equal(left[key], right[key])
    elif isinstance(left, list | tuple):
        assert isinstance(right, list | tuple) and len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            _assert_equal(one, other)
    elif isinstance(left, torch.Tensor):
        assert isinstance(right, torch.Tensor) and torch.equal(left, right)
    else:
        assert left == right
