"""Relative patch: where the patches are cut, what is taken out of them, and the loss over the eight places."""

import math

import pytest
import torch
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.relative_patch import PLACES, RelativePatch, without_green_magenta
from engine.views.draw import MEAN, SPREAD
from engine.views.recipe import PRESETS


def small(**settings: object) -> RelativePatch:
    encoder = build_encoder("nano", {"width": 8}, seed=1)
    method = build_method("relative_patch", encoder, {"hidden": 16, **settings}, seed=1)
    assert isinstance(method, RelativePatch)
    return method.eval()


def test_patches_without_gap_and_jitter_are_the_nine_tiles_of_the_image() -> None:
    images = torch.rand(2, 3, 48, 48)
    patches = small(gap=0, jitter=0, projection=False).patches(images, torch.zeros(2, 9, 2))
    for index, (right, down) in enumerate([(0, 0), *PLACES]):
        top, left = 16 * (1 + down), 16 * (1 + right)
        tile = images[:, :, top : top + 16, left : left + 16]
        torch.testing.assert_close(patches[:, index], tile - tile.mean(dim=(2, 3), keepdim=True), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("shift", "moved"), [(0.0, 0), (1.0, 1), (-1.0, -1)])
def test_gap_and_jitter_are_shares_of_a_patch(shift: float, moved: int) -> None:
    """With a gap of a half and a jitter of one sixteenth, patches of 16 pixels need 16 x 4.125 = 66 pixels."""
    images = torch.rand(1, 3, 66, 66)
    patches = small(gap=0.5, jitter=1 / 16, projection=False).patches(images, torch.full((1, 9, 2), shift))
    top_left = 1 + moved
    tile = images[:, :, top_left : top_left + 16, top_left : top_left + 16]
    torch.testing.assert_close(patches[:, 1], tile - tile.mean(dim=(2, 3), keepdim=True), atol=1e-4, rtol=0)


def test_patches_of_a_small_view_are_drawn_at_the_smallest_size_of_the_encoder() -> None:
    assert small().patches(torch.rand(2, 3, 32, 32), torch.zeros(2, 9, 2)).shape == (2, 9, 3, 16, 16)


def test_green_against_magenta_is_gone_and_greys_stay() -> None:
    images = torch.randn(2, 3, 8, 8)
    spread, mean = (torch.tensor(numbers)[:, None, None] for numbers in (SPREAD, MEAN))
    colours = without_green_magenta(images) * spread + mean
    along = 2 * colours[:, 1] - colours[:, 0] - colours[:, 2]
    torch.testing.assert_close(along, torch.zeros_like(along), atol=1e-5, rtol=0)
    greys = (torch.rand(2, 1, 8, 8) - mean) / spread
    torch.testing.assert_close(without_green_magenta(greys), greys, atol=1e-5, rtol=0)


def test_the_loss_asks_for_each_of_the_eight_places() -> None:
    method, images = small(jitter=0), torch.rand(3, 3, 48, 48)
    patches = method.patches(images, torch.zeros(3, 9, 2))
    middle = method.encoder(patches[:, 0])
    each = [
        F.cross_entropy(
            method.classifier(torch.cat([middle, method.encoder(patches[:, 1 + place])], dim=1)),
            torch.full((3,), place),
        )
        for place in range(8)
    ]
    losses = method.loss(Batch(images[None], torch.arange(3)[None]))
    torch.testing.assert_close(losses["total"], torch.stack(each).mean())
    assert losses["trivial"].item() == pytest.approx(math.log(8))


def test_blank_images_teach_nothing() -> None:
    losses = small().loss(Batch(torch.ones(1, 4, 3, 32, 32), torch.arange(4)[None]))
    assert losses["total"].item() >= math.log(8) - 1e-6


def test_views_stay_upright_and_show_most_of_the_image() -> None:
    recipe = small().recipe(PRESETS["histology"])
    assert recipe.rotation == 0 and not recipe.flip_vertical and recipe.crop == 0.6
