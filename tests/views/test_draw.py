"""Views are what their recipe says, checked against closed forms, torchvision and scipy."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter1d
from torch import Tensor
from torch.nn import functional as F
from torchvision.transforms.v2 import functional as reference

from engine.views import draw as drawing
from engine.views.draw import NUMBERS, draw, plain
from engine.views.recipe import PRESETS, Recipe

STILL = Recipe(crop=1, stretch=1, flip_horizontal=False, jitter=0, grey=0)  # changes nothing


def images(count: int, size: int = 12, seed: int = 0) -> Tensor:
    return torch.randint(0, 256, (count, size, size, 3), dtype=torch.uint8, generator=seeded(seed))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def colours(views: Tensor) -> Tensor:
    """Normalised views back to colours from 0 to 1."""
    mean, spread = torch.tensor(drawing.MEAN), torch.tensor(drawing.SPREAD)
    return views * spread[:, None, None] + mean[:, None, None]


def test_plain_is_the_image_itself_normalised() -> None:
    pixels = images(3)
    expected = reference.normalize(pixels.permute(0, 3, 1, 2) / 255, list(drawing.MEAN), list(drawing.SPREAD))
    torch.testing.assert_close(plain(pixels, 12), expected, atol=1e-5, rtol=0)


def test_a_recipe_that_changes_nothing_gives_the_plain_image() -> None:
    pixels = images(5)
    torch.testing.assert_close(draw(pixels, STILL, 12, seeded()), plain(pixels, 12), atol=1e-4, rtol=0)


def test_half_of_the_views_are_mirrored_and_the_rest_are_not() -> None:
    pixels = images(1).expand(200, -1, -1, -1)
    views = draw(pixels, replace(STILL, flip_horizontal=True), 12, seeded())
    same = (views - plain(pixels, 12)).abs().amax(dim=(1, 2, 3)) < 1e-3
    mirrored = (views - plain(pixels, 12).flip(3)).abs().amax(dim=(1, 2, 3)) < 1e-3
    assert (same ^ mirrored).all()
    assert 70 < mirrored.sum() < 130


def test_the_grid_is_that_of_affine_grid() -> None:
    maps = torch.randn(4, 2, 3, generator=seeded())
    expected = F.affine_grid(maps, [4, 3, 9, 9], align_corners=False)
    torch.testing.assert_close(drawing._grid(maps, 9), expected)


def test_crops_show_between_the_smallest_share_and_all_of_the_area() -> None:
    draws = torch.rand(1000, NUMBERS, generator=seeded()).unbind(dim=1)
    maps = drawing._placement(draws, Recipe(crop=0.25, stretch=1, rotation=180))
    area = torch.linalg.det(maps[:, :, :2]).abs()
    assert area.min() >= 0.25 and area.min() < 0.27
    assert area.max() <= 1 and area.max() > 0.98


def test_crops_stay_inside_the_image_where_nothing_turns() -> None:
    draws = torch.rand(1000, NUMBERS, generator=seeded()).unbind(dim=1)
    corners = drawing._grid(drawing._placement(draws, Recipe(crop=0.1)), 8)
    assert corners.abs().max() <= 1


def test_each_image_gets_its_own_draw() -> None:
    pixels = images(1).expand(6, -1, -1, -1)
    views = draw(pixels, PRESETS["natural"], 12, seeded()).flatten(1)
    assert torch.pdist(views).min() > 0.1


def test_a_view_does_not_depend_on_the_other_images_of_its_batch() -> None:
    pixels = images(8)
    together = draw(pixels, PRESETS["natural"], 12, seeded())
    others = torch.cat([pixels[:4], images(4, seed=1)])
    torch.testing.assert_close(draw(others, PRESETS["natural"], 12, seeded())[:4], together[:4])


def test_the_same_seed_gives_the_same_views() -> None:
    pixels = images(4)
    once, again = (draw(pixels, PRESETS["histology"], 12, seeded(3)) for _ in range(2))
    assert torch.equal(once, again)


def test_saturation_is_that_of_torchvision() -> None:
    image = torch.rand(1, 3, 5, 5, generator=seeded()) * 0.2 + 0.4  # mid tones, so that nothing is clipped
    expected = reference.adjust_saturation(image, 1.5)
    mine = torch.einsum("bij,bjhw->bihw", drawing._saturate(torch.tensor([1.5])), image)
    torch.testing.assert_close(mine, expected, atol=1e-3, rtol=0)


def test_contrast_and_brightness_are_those_of_torchvision() -> None:
    image = torch.rand(1, 3, 5, 5, generator=seeded()) * 0.2 + 0.4
    brightness, contrast = 1.2, 0.7
    expected = reference.adjust_contrast(reference.adjust_brightness(image, brightness), contrast)
    matrix, pivot = torch.eye(3)[None] * brightness * contrast, torch.tensor([brightness * (1 - contrast)])
    mine = colours(drawing._recolour(image * 255, matrix, pivot))
    torch.testing.assert_close(mine, expected, atol=1e-3, rtol=0)


def test_turning_the_hue_keeps_brightness_and_greys() -> None:
    turns = drawing._turn_hue(torch.tensor([0.5, -2.0]))
    luma = torch.tensor(drawing.LUMA)
    torch.testing.assert_close(luma @ turns, luma.expand(2, 3), atol=1e-4, rtol=0)
    torch.testing.assert_close(turns @ torch.ones(3), torch.ones(2, 3), atol=1e-4, rtol=0)


def test_a_third_of_a_turn_moves_red_to_green() -> None:
    red = drawing._turn_hue(torch.tensor([2 * torch.pi / 3, -2 * torch.pi / 3])) @ torch.tensor([1.0, 0, 0])
    assert {int(colour.argmax()) for colour in red} == {1, 2}  # green one way, blue the other


def test_grey_views_have_three_equal_channels() -> None:
    views = colours(draw(images(4), replace(PRESETS["natural"], grey=1), 12, seeded()))
    torch.testing.assert_close(views[:, 0], views[:, 1], atol=1e-4, rtol=0)
    torch.testing.assert_close(views[:, 0], views[:, 2], atol=1e-4, rtol=0)


def test_blur_is_a_gaussian_away_from_the_border() -> None:
    views = torch.rand(1, 3, 40, 40, generator=seeded())
    draws = torch.zeros(1, 16)
    draws[0, 14] = 0.5  # deviation: 0.5 x 0.05 of 40 pixels = 1 pixel
    mine = drawing._blur(views, draws.unbind(dim=1), Recipe(blur=1, blur_width=0.05))
    expected = gaussian_filter1d(gaussian_filter1d(views.numpy(), 1.0, axis=2, truncate=8), 1.0, axis=3, truncate=8)
    np.testing.assert_allclose(mine[:, :, 8:-8, 8:-8], expected[:, :, 8:-8, 8:-8], atol=1e-5)


def test_blur_touches_only_the_views_it_was_drawn_for() -> None:
    pixels = images(40)
    blurred = draw(pixels, replace(STILL, blur=0.5, blur_width=0.1), 12, seeded())
    changed = (blurred - plain(pixels, 12)).abs().amax(dim=(1, 2, 3)) > 1e-2
    assert 8 < changed.sum() < 30


@pytest.mark.parametrize("preset", list(PRESETS))
@pytest.mark.parametrize(("size", "wanted"), [(12, 12), (27, 32), (40, 17)])
def test_every_preset_gives_finite_views_of_the_wanted_size(preset: str, size: int, wanted: int) -> None:
    views = draw(images(3, size), PRESETS[preset], wanted, seeded())
    assert views.shape == (3, 3, wanted, wanted) and views.dtype == torch.float32
    assert views.is_contiguous(memory_format=torch.channels_last)
    assert views.isfinite().all() and views.abs().max() < 8


def test_the_pixels_given_are_not_changed() -> None:
    pixels = images(3)
    before = pixels.clone()
    draw(pixels, PRESETS["natural"], 12, seeded())
    assert torch.equal(pixels, before)
