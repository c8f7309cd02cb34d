"""Balanced orders against what they promise: shares, runs, every image; and a run that is stopped, or split in two."""

from __future__ import annotations

import math
from itertools import groupby, islice

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.encoders import build_encoder
from engine.methods import build_method
from engine.train.balance import REPEATS, balanced, say_balance, spread, turns_of, within
from engine.train.batches import Known, Order, alone
from engine.train.config import TrainConfig, steps_in_epoch
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.train.traps import Plan, traps
from engine.types import UNKNOWN, Indices
from engine.views.recipe import PRESETS

GROUPS = st.lists(st.integers(-1, 5), min_size=2, max_size=60).map(lambda groups: np.array(groups, np.int64))
SIZES = st.lists(st.integers(1, 50), min_size=1, max_size=20).map(lambda sizes: np.array(sizes, np.int64))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(max_examples=60)
@given(SIZES)
def test_turns_are_equal_but_for_groups_too_small_for_them(size: Indices) -> None:
    turns = turns_of(size, rng())
    assert turns.sum() == size.sum() and (turns <= REPEATS * size).all()
    free = turns[turns < REPEATS * size]
    assert len(free) == 0 or turns.max() - free.min() <= 1  # nobody has more than a group that could have more


@pytest.mark.parametrize(
    ("size", "expected"),
    [([10, 10], [10, 10]), ([15, 5], [10, 10]), ([98, 1, 1], [92, 4, 4]), ([90, 9, 1], [60, 36, 4])],
)
def test_turns_of_groups_worked_out_by_hand(size: list[int], expected: list[int]) -> None:
    assert turns_of(np.array(size), rng()).tolist() == expected


@settings(max_examples=60)
@given(GROUPS, st.integers(0, 9))
def test_spread_shows_each_image_of_a_group_as_often_as_any_other_of_it(groups: Indices, seed: int) -> None:
    times = np.bincount(spread(groups, rng(seed)), minlength=len(groups))
    assert times.sum() == len(groups) and times.max() <= REPEATS
    for group in np.unique(groups):  # those that belong to none are one group
        assert np.ptp(times[groups == group]) <= 1


def test_every_batch_holds_nearly_the_same_share_of_every_group() -> None:
    groups = np.repeat(np.arange(5), [400, 200, 200, 100, 100])
    order = Order(1000, TrainConfig(batch=100), groups)
    for step in range(10):
        held = np.bincount(groups[order.anchors(0, step)], minlength=5)
        assert abs(held - 20).max() <= 3


def test_over_the_epochs_every_image_of_a_large_group_is_seen() -> None:
    groups = np.array([0] * 90 + [1] * 10)
    seen = np.unique(np.concatenate([spread(groups, rng(epoch)) for epoch in range(12)]))
    assert len(seen) == 100


@settings(max_examples=60)
@given(GROUPS, st.integers(2, 9))
def test_within_shows_every_image_once_in_runs_of_one_group(groups: Indices, length: int) -> None:
    rows = within(groups, length, rng())
    assert sorted(rows) == list(range(len(groups)))
    known = groups[groups != UNKNOWN]
    fewest = sum(-(-count // length) for count in np.bincount(known) if count) + (groups == UNKNOWN).sum()
    met = [key for key, _ in groupby(groups[rows])]
    assert len(met) <= fewest  # as few runs as can be; two of one group may meet


def test_a_run_is_as_long_as_its_share_of_the_batch_says() -> None:
    groups, config = np.repeat(np.arange(8), 64), TrainConfig(batch=64, balance_mode="within", balance_share=0.25)
    runs = groups[balanced(groups, config, rng())].reshape(-1, 16)
    assert (runs == runs[:, :1]).all()


def same_group(groups: Indices, config: TrainConfig) -> float:
    """The share of an anchor's negatives that are of its group, mean over an epoch."""
    order, steps = Order(len(groups), config, groups), steps_in_epoch(len(groups), config.batch)
    batches = [groups[order.anchors(0, step)] for step in range(steps)]
    return float(np.mean([((one[:, None] == one).sum() - len(one)) / (len(one) * (len(one) - 1)) for one in batches]))


def test_within_makes_negatives_of_the_own_group_more_frequent_and_spread_holds_them_at_chance() -> None:
    groups = np.repeat(np.arange(20), 50)
    shares = {mode: same_group(groups, TrainConfig(batch=100, balance_mode=mode)) for mode in ("spread", "within")}
    assert shares["spread"] == pytest.approx(4 / 99, abs=0.01)
    assert shares["within"] == pytest.approx(0.25, abs=0.06)


@pytest.mark.parametrize("mode", ["spread", "within"])
@pytest.mark.parametrize("images", [2, 7, 21])
def test_batches_are_of_nearly_one_size_whatever_the_groups(mode: str, images: int) -> None:
    config, groups = TrainConfig(batch=8, balance_mode=mode), np.arange(images) % 3 - 1
    order = Order(images, config, groups)
    sizes = [len(order.anchors(0, step)) for step in range(steps_in_epoch(images, 8))]
    assert sum(sizes) == images and max(sizes) - min(sizes) <= 1 and max(sizes) <= 8


def test_the_order_follows_from_seed_and_epoch_alone() -> None:
    groups, config = np.arange(50) % 7, TrainConfig(batch=10, balance_mode="within")
    one, other = Order(50, config, groups), Order(50, config, groups)
    one.anchors(0, 2)
    assert np.array_equal(one.anchors(3, 1), other.anchors(3, 1))
    assert not np.array_equal(one.anchors(4, 1), other.anchors(3, 1))


@pytest.mark.parametrize("mode", ["spread", "within"])
def test_a_resumed_balanced_run_is_bit_equal_to_one_that_never_stopped(mode: str) -> None:
    whole, stopped, resumed = (balanced_training(mode) for _ in range(3))
    losses = [step.losses for step in whole.steps()]
    list(islice(stopped.steps(), 4))
    resumed.load(stopped.state())
    assert [step.losses for step in resumed.steps()] == losses[4:]
    assert all(torch.equal(resumed.state()["method"][key], value) for key, value in whole.state()["method"].items())


def balanced_training(mode: str) -> Training:
    config = TrainConfig(epochs=2, batch=8, size=16, balance="patient", balance_mode=mode)
    owners = np.array([0] * 15 + [1, 2, 2, UNKNOWN, UNKNOWN, 3])  # an image of group 1 comes several times
    method = build_method("instance_discrimination", build_encoder("nano", {"width": 8}), {"width": 8}, images=21)
    known = Known(owners=owners)
    return Training(method, random_images(21, 16), alone, known, PRESETS["natural"], config, torch.device("cpu"))


def test_what_a_balance_does_is_said_in_plain_words() -> None:
    groups, config = np.repeat(np.arange(3), [190, 190, 20]), TrainConfig(batch=100, balance="patient")
    assert say_balance(config, groups) == (
        "Every patient is shown equally often: 3 groups, about 33 of each in a step of 100. "
        "No image comes more than 4 times an epoch."
    )
    within_ = TrainConfig(batch=100, balance="slide", balance_mode="within")
    assert say_balance(within_, groups).startswith("A step shows up to 25 images of one slide in a run.")
    assert (
        say_balance(config, np.zeros(9, np.int64)) == "All images are of one patient, so there is nothing to balance."
    )
    assert say_balance(TrainConfig(), groups) == ""


def test_runs_that_fill_most_of_a_batch_are_warned_of() -> None:
    config = TrainConfig(balance="patient", balance_mode="within", balance_share=1.0)
    (said,) = traps(Plan(images=10_000, config=config))
    assert "100% of a batch" in said and math.isclose(TrainConfig().balance_share, 0.25)
    assert not traps(Plan(images=10_000, config=TrainConfig(balance="patient", balance_mode="within")))
