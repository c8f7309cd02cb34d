"""Stains: taken apart and put together against the closed form, on white, black and single-colour tiles too."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.views.draw import draw
from engine.views.recipe import PRESETS
from engine.views.stain import alone, combine, density, jitter, macenko, ruifrok, separate

TRUE = torch.nn.functional.normalize(torch.tensor([[0.60, 0.75, 0.28], [0.15, 0.95, 0.27]]), dim=1)


def tissue(colours: Tensor, seed: int = 0, size: int = 48) -> tuple[Tensor, Tensor]:
    """Two images of nuclei on eosin, and the amounts [2 3 H W] they were made of."""
    random = torch.Generator().manual_seed(seed)
    haematoxylin = torch.rand(2, 1, size, size, generator=random) * (
        torch.rand(2, 1, size, size, generator=random) < 0.4
    )
    eosin = 0.3 + 0.7 * torch.rand(2, 1, size, size, generator=random)
    eosin[:, :, : size // 4] = 0  # background without stain
    haematoxylin[:, :, : size // 4] = 0
    eosin[:, :, size // 2 : size // 2 + 6] = 0.01  # nuclei alone
    haematoxylin[:, :, size // 2 : size // 2 + 6] = 1
    amounts = torch.cat([haematoxylin, eosin, torch.zeros_like(eosin)], dim=1)
    return combine(amounts, colours), amounts


def test_known_amounts_are_found_again() -> None:
    images, amounts = tissue(ruifrok(torch.empty(0)))
    assert torch.allclose(separate(images, ruifrok(images)), amounts, atol=1e-4)


def test_amounts_solve_the_linear_system_of_optical_densities() -> None:
    images = torch.randint(20, 256, (2, 3, 5, 5)).float()
    colours = ruifrok(images)
    basis = torch.cat([colours, torch.linalg.cross(colours[0], colours[1])[None] / torch.linalg.cross(*colours).norm()])
    solved = torch.linalg.solve(basis.T, density(images)[1, :, 3, 4])
    assert torch.allclose(separate(images, colours)[1, :, 3, 4], solved, atol=1e-5)


@pytest.mark.parametrize("level", [0, 1, 77, 255])
def test_grey_white_and_black_tiles_come_back_as_they_were(level: int) -> None:
    images = torch.full((1, 3, 4, 4), float(level))
    amounts = separate(images, ruifrok(images))
    assert amounts.isfinite().all()
    assert torch.allclose(combine(amounts, ruifrok(images)), images.clamp(min=1), atol=0.01)
    if level == 255:
        assert amounts.abs().max() < 1e-6


COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@given(st.lists(COLOURS, min_size=1, max_size=4))
def test_tiles_of_any_single_colour_are_taken_apart_and_put_together_and_never_disturb_each_other(
    colours: list[tuple[int, int, int]],
) -> None:
    images = torch.tensor(colours).float()[:, :, None, None].expand(-1, 3, 4, 4)
    stains, found = macenko(images)
    assert not found.any() and torch.equal(stains, ruifrok(images).expand_as(stains))
    amounts = separate(images, stains)
    assert torch.allclose(combine(amounts, stains), images.clamp(min=1), rtol=1e-3, atol=0.01)
    assert torch.allclose(amounts[:1], separate(images[:1], ruifrok(images)), atol=1e-5)


def test_a_tile_with_little_stain_has_the_little_that_it_was_made_of() -> None:
    _, amounts = tissue(TRUE)
    faint = 0.02 * amounts
    assert torch.allclose(separate(combine(faint, TRUE), TRUE), faint, atol=1e-4)
    assert not macenko(combine(faint, TRUE))[1].any()


@pytest.mark.parametrize("level", [0.0, 255.0])
def test_a_stain_alone_is_as_bright_as_can_be_where_there_is_none_and_dark_where_all_is_dark(level: float) -> None:
    pictures = alone(torch.full((1, 3, 4, 4), level), ruifrok(torch.empty(0)))
    assert ((pictures > 0) & (pictures <= 1)).all()
    assert torch.allclose(pictures, torch.ones_like(pictures)) == (level == 255)


def test_perturbed_colours_give_the_amounts_of_least_squares_at_least_zero() -> None:
    images = torch.randint(1, 256, (3, 3, 4, 4), generator=torch.Generator().manual_seed(0)).float()
    colours = ruifrok(images) + 0.05 * torch.randn(3, 2, 3, generator=torch.Generator().manual_seed(1))
    solved = torch.linalg.lstsq(colours.transpose(1, 2), density(images).flatten(2)).solution
    wanted = torch.exp(-solved.clamp(min=0)).view(3, 2, 4, 4)
    assert torch.allclose(alone(images, colours), wanted, atol=1e-4)


def test_each_image_may_have_colours_of_its_own() -> None:
    images, amounts = tissue(TRUE)
    both = torch.stack([TRUE, ruifrok(images)])
    found = separate(images, both)
    assert torch.allclose(found[0], amounts[0], atol=1e-4)
    assert not torch.allclose(found[1], amounts[1], atol=1e-2)


def test_macenko_finds_the_colours_that_an_image_was_made_of() -> None:
    images, _ = tissue(TRUE)
    colours, found = macenko(images)
    angle = torch.acos((colours * TRUE).sum(dim=2).clamp(max=1)) * 180 / math.pi
    assert found.all()
    assert angle.max() < 3  # degrees; Ruifrok's lie 4 and 10 degrees off


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (180, 90, 160), (240, 235, 238)])
def test_tiles_without_two_stains_fall_back_to_fixed_colours(colour: tuple[int, int, int]) -> None:
    images = torch.tensor(colour).float()[None, :, None, None].expand(1, 3, 8, 8)
    colours, found = macenko(images)
    assert not found.any()
    assert torch.equal(colours[0], ruifrok(images))


def test_a_blank_tile_in_a_batch_does_not_disturb_the_others() -> None:
    images, _ = tissue(TRUE)
    alone, _ = macenko(images[:1])
    together, found = macenko(torch.cat([images[:1], torch.full_like(images[:1], 255)]))
    assert found.tolist() == [True, False]
    assert torch.allclose(together[0], alone[0], atol=1e-5)


def test_jitter_scales_and_shifts_the_amounts() -> None:
    images, amounts = tissue(TRUE)
    scale, shift = torch.tensor([[1.2, 0.9], [0.7, 1.3]]), torch.tensor([[0.0, 0.05], [0.02, 0.0]])
    changed = separate(jitter(images, scale, shift, TRUE), TRUE)
    wanted = amounts[:, :2] * scale[:, :, None, None] + shift[:, :, None, None]
    assert torch.allclose(changed[:, :2], wanted, atol=1e-3)


def test_views_vary_in_stain_only_when_asked() -> None:
    pixels = tissue(TRUE)[0].round().byte().permute(0, 2, 3, 1).contiguous()
    still = replace(
        PRESETS["histology"], crop=1, jitter=0, rotation=0, flip_horizontal=False, flip_vertical=False, blur=0
    )
    same, other = (draw(pixels, recipe, 48, torch.Generator()) for recipe in (still, replace(still, stain=0.5)))
    assert (same - other).abs().mean() > 0.02
    assert torch.equal(same, draw(pixels, replace(still, stain=0.0), 48, torch.Generator()))
