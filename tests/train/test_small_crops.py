"""Small crops reach a method that asks for them: of the rows it is told, of its size and share, and the same again."""

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.encoders import build_encoder
from engine.images.cache import PixelCache
from engine.methods import Batch, SmallCrops, build_method
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.types import Indices
from engine.views.recipe import Recipe

PLAIN = Recipe(stretch=1, flip_horizontal=False, jitter=0, grey=0)
SMALL = {"width": 8, "hidden": 8}
SIDE, IMAGES = 64, 12


def ramps() -> PixelCache:
    """Image i grows brighter to the right, one level a pixel, in red; its blue is 20 times i."""
    pixels = np.zeros((IMAGES, SIDE, SIDE, 3), np.uint8)
    pixels[..., 0] = np.arange(SIDE)
    pixels[..., 2] = 20 * np.arange(IMAGES)[:, None, None]
    return PixelCache(pixels, np.arange(IMAGES))


def neighbour(anchors: Indices, count: int, rng: np.random.Generator) -> Indices:
    return (anchors[:, None] + 1 + np.arange(count)) % IMAGES


def batches(seed: int = 0, positives: int = 1, share: tuple[float, float] = (0.1, 0.4), count: int = 5) -> list[Batch]:
    """What a method is shown in two epochs of two steps."""
    method = build_method("dino", build_encoder("nano", {"width": 8}), {**SMALL, "outputs": 8})
    wanted = SmallCrops(count, 16, *share) if count else None
    method.small_crops = lambda size: wanted  # type: ignore[method-assign]
    shown: list[Batch] = []
    loss = method.loss
    method.loss = lambda batch: (shown.append(batch), loss(batch))[1]  # type: ignore[method-assign, func-returns-value]
    config = TrainConfig(epochs=2, batch=6, size=32, seed=seed, positives=positives)
    training = Training(method, ramps(), neighbour, None, PLAIN, config, torch.device("cpu"))
    list(training.steps())
    return shown


def levels(images: Tensor, channel: int) -> Tensor:
    """From normalised to levels of 0 to 255."""
    mean, spread = ((0.485, 0.229), (0.456, 0.224), (0.406, 0.225))[channel]
    return (images[..., channel, :, :] * spread + mean) * 255


@pytest.mark.parametrize("positives", [1, 2])
def test_crop_c_shows_the_rows_of_view_c_in_turn_at_its_size(positives: int) -> None:
    for batch in batches(positives=positives):
        assert batch.crops is not None and batch.crops.shape == (5, 6, 3, 16, 16)
        found = (levels(batch.crops, 2).mean(dim=(2, 3)) / 20).round().long()
        expected = torch.stack([batch.rows[crop % (1 + positives)] for crop in range(5)])
        assert torch.equal(found, expected)


def test_crops_show_a_share_of_the_image_between_the_smallest_and_the_largest() -> None:
    shares = []
    for batch in batches(share=(0.1, 0.4), count=16):
        assert batch.crops is not None
        red = levels(batch.crops, 0)[:, :, 0]  # along a row
        across = (red[..., -1] - red[..., 0]) / 15 * 16 / SIDE  # of the image's width; crops are square here
        shares.append(across.square().flatten())
    share = torch.cat(shares)
    assert share.min() > 0.1 - 0.01 and share.max() < 0.4 + 0.01
    assert share.min() < 0.15 and share.max() > 0.35  # all of it is used


def test_the_same_seed_gives_the_same_crops_and_another_seed_or_step_gives_others() -> None:
    first, again, other = ([batch.crops for batch in batches(seed)] for seed in (0, 0, 1))
    assert all(torch.equal(one, two) for one, two in zip(first, again, strict=True))
    assert not torch.equal(first[0], first[1]) and not torch.equal(first[0], other[0])


def test_a_method_that_asks_for_none_gets_none() -> None:
    assert [batch.crops for batch in batches(count=0)] == [None] * 4
