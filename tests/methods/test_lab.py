"""Lab: known colours, an independent computation, and the way back."""

import numpy as np
import pytest
import torch

from engine.methods.lab import lab_of, srgb_of

KNOWN = {  # sRGB → CIE Lab under D65, Lindbloom's calculator
    (1.0, 1.0, 1.0): (100.0, 0.0, 0.0),
    (0.0, 0.0, 0.0): (0.0, 0.0, 0.0),
    (1.0, 0.0, 0.0): (53.2408, 80.0925, 67.2032),
    (0.0, 1.0, 0.0): (87.7347, -86.1827, 83.1793),
    (0.0, 0.0, 1.0): (32.2970, 79.1875, -107.8602),
}


def image(colour: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(colour, dtype=torch.float32).view(1, 3, 1, 1).expand(1, 3, 2, 2)


@pytest.mark.parametrize(("colour", "lab"), KNOWN.items())
def test_known_colours(colour: tuple[float, ...], lab: tuple[float, ...]) -> None:
    torch.testing.assert_close(lab_of(image(colour)), image(lab), atol=0.02, rtol=0)


@pytest.mark.parametrize("level", [0.001, 0.01, 0.04, 0.2, 0.5, 0.9])
def test_a_grey_has_no_colour_and_the_lightness_of_the_formula(level: float) -> None:
    linear = level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4
    lightness = 116 * np.cbrt(linear) - 16 if linear > (6 / 29) ** 3 else linear * (29 / 3) ** 3
    expected = image((lightness, 0.0, 0.0))
    torch.testing.assert_close(lab_of(image((level, level, level))), expected, atol=1e-3, rtol=1e-4)


def test_there_and_back_is_the_same_image() -> None:
    images = torch.rand(2, 3, 9, 7, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(srgb_of(lab_of(images)), images, atol=1e-4, rtol=0)


def test_colours_that_no_screen_shows_are_cut() -> None:
    colours = srgb_of(image((50.0, 200.0, -200.0)))
    assert colours.min() == 0 and colours.max() == pytest.approx(1)


def test_it_is_computed_in_full_precision_whatever_is_around_it() -> None:
    images = torch.rand(1, 3, 4, 4)
    with torch.autocast("cpu", torch.bfloat16):
        mixed = srgb_of(lab_of(images))
    assert mixed.dtype == torch.float32
    torch.testing.assert_close(mixed, images, atol=1e-4, rtol=0)
