"""Rotation: all four turns, numbered as numpy counts them."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.methods import Batch, Method, build_method
from engine.methods.rotation import all_turns
from engine.views.recipe import PRESETS

IMAGES = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def small() -> Method:
    return build_method("rotation", build_encoder("nano", {"width": 8}, seed=1), {}, seed=1).eval()


def test_each_image_is_there_in_all_four_turns() -> None:
    expected = np.concatenate([np.rot90(IMAGES.numpy(), turn, axes=(2, 3)) for turn in range(4)])
    assert np.array_equal(all_turns(IMAGES).numpy(), expected)


def test_the_loss_is_the_mean_over_images_and_turns() -> None:
    method = small()
    logits = method.classifier(method.encoder(all_turns(IMAGES))).detach()
    expected = F.cross_entropy(logits, torch.tensor([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]))
    losses = method.loss(Batch(IMAGES[None], torch.arange(3)[None]))
    torch.testing.assert_close(losses["total"], expected)
    assert losses["trivial"].item() == pytest.approx(math.log(4))


def test_images_that_look_alike_from_all_sides_teach_nothing() -> None:
    losses = small().loss(Batch(torch.ones(1, 4, 3, 16, 16), torch.arange(4)[None]))
    assert losses["total"].item() >= math.log(4) - 1e-6


def test_views_stay_upright() -> None:
    recipe = small().recipe(PRESETS["histology"])
    assert recipe.rotation == 0 and not recipe.flip_vertical and recipe.flip_horizontal
