"""Stain normalisation against Macenko's steps in numpy; what has no two stains stays as it is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.errors import SettingInvalid
from engine.images.cache import PixelCache
from engine.types import Array
from engine.views.normalise import Stain, estimate, normalise, stained, stains_of
from engine.views.stain import combine
from tests.views.test_stain import TRUE, tissue

TARGET = Stain((0.56, 0.72, 0.41), (0.22, 0.80, 0.56), (1.9, 1.0))  # about the reference of Macenko et al.'s own code
PLAIN = [(255, 255, 255), (0, 0, 0), (180, 90, 160), (240, 235, 238), (255, 0, 255)]


def macenko_in_numpy(image: Array) -> tuple[Array, Array]:
    """Colours [2 3] and strengths [2] of an image [3 H W], step by step as in the paper's section 3."""
    densities = -np.log(np.maximum(image.reshape(3, -1).astype(float), 1) / 255)
    tissue = densities[:, (densities > 0.15).all(axis=0)]
    plane = np.linalg.eigh(np.cov(tissue))[1][:, 1:]
    plane = plane * np.sign(plane.sum(axis=0))
    angles = np.arctan2(*(plane.T @ tissue))  # from the minor direction's axis: the smaller one belongs to eosin or not
    ends = np.quantile(angles, [0.01, 0.99])
    stains = np.stack([plane @ [np.sin(angle), np.cos(angle)] for angle in ends])
    stains = stains[np.argsort(-stains[:, 0])]
    return stains, np.quantile(np.linalg.lstsq(stains.T, densities, rcond=None)[0], 0.99, axis=1)


def images() -> Tensor:
    return tissue(TRUE)[0].round()


def test_stains_and_strengths_are_those_of_the_papers_steps() -> None:
    colours, strengths, found = estimate(images())
    wanted = [macenko_in_numpy(image) for image in images().numpy()]
    assert found.all()
    np.testing.assert_allclose(colours.numpy(), [one for one, _ in wanted], atol=1e-3)
    np.testing.assert_allclose(strengths.numpy(), [one for _, one in wanted], rtol=5e-3)


def test_a_normalised_image_is_its_scaled_amounts_in_the_colours_of_the_target() -> None:
    given = images()
    for image, changed in zip(given.numpy(), normalise(given, TARGET).numpy(), strict=True):
        colours, strengths = macenko_in_numpy(image)
        amounts = np.linalg.lstsq(colours.T, -np.log(np.maximum(image, 1) / 255).reshape(3, -1), rcond=None)[0]
        scaled = amounts * (np.array(TARGET.strengths) / strengths)[:, None]
        wanted = 255 * np.exp(-np.array([TARGET.haematoxylin, TARGET.eosin]).T @ scaled)
        np.testing.assert_allclose(changed.reshape(3, -1), wanted.clip(max=255), atol=1.0)


def test_the_same_tissue_stained_by_two_laboratories_becomes_the_same_image() -> None:
    other = torch.nn.functional.normalize(torch.tensor([[0.70, 0.65, 0.30], [0.25, 0.90, 0.20]]), dim=1)
    amounts = tissue(TRUE)[1]
    weak, strong = combine(1.5 * amounts, TRUE), combine(2.5 * amounts, other)
    assert (weak - strong).abs().mean() > 25
    torch.testing.assert_close(normalise(weak, TARGET), normalise(strong, TARGET), rtol=0, atol=0.01)


@pytest.mark.parametrize("colour", PLAIN)
def test_an_image_without_two_stains_stays_as_it_is_and_disturbs_no_other(colour: tuple[int, int, int]) -> None:
    plain = torch.tensor(colour).float()[None, :, None, None].expand(1, 3, 48, 48)
    together = normalise(torch.cat([plain, images()[:1]]), TARGET)
    assert torch.equal(together[:1], plain)
    torch.testing.assert_close(together[1:], normalise(images()[:1], TARGET))


def test_an_image_is_not_painted_with_a_stain_that_it_has_next_to_none_of() -> None:
    amounts, strong = tissue(TRUE)[1][:1], replace(TARGET, strengths=(3.5, 1.0))
    pink = combine(amounts * torch.tensor([0.4, 1.5, 0])[:, None, None], TRUE).round()
    both = combine(1.5 * amounts, TRUE).round()
    _, strengths, found = estimate(torch.cat([pink, both]))
    assert found.all() and (3 * strengths[:, 0] >= 3.5).tolist() == [False, True]
    assert torch.equal(normalise(pink, strong), pink) and not torch.equal(normalise(both, strong), both)
    cache = PixelCache(pixels(pink, both), np.arange(2))
    assert stained(cache, stains_of(cache), strong).found.tolist() == [False, True]


def pixels(*parts: Tensor) -> Array:
    return torch.cat(parts).byte().permute(0, 2, 3, 1).contiguous().numpy()


def test_a_cache_gives_every_image_in_one_stain_and_keeps_blank_ones_byte_by_byte() -> None:
    blank = torch.tensor(PLAIN[1]).float()[None, :, None, None].expand(1, 3, 48, 48)
    cache = PixelCache(pixels(images(), blank), np.array([2, 0, 1, 0]))
    all_in_one = stained(cache, stains_of(cache), TARGET)
    taken = all_in_one.take(np.array([0, 1, 3]))
    assert np.array_equal(taken[0], cache.pixels[2])
    wanted = normalise(images()[:1], TARGET).round().byte().permute(0, 2, 3, 1).numpy()[0]
    assert np.abs(taken[1].astype(int) - wanted).max() <= 1 and np.array_equal(taken[1], taken[2])
    assert np.array_equal(all_in_one.original.take(np.array([1])), cache.take(np.array([1])))


def test_the_usual_stain_is_the_median_over_the_images_that_show_two() -> None:
    colours = torch.stack([TRUE, TRUE]).numpy()
    blank = torch.full((2, 3, 48, 48), 255.0)
    cache = PixelCache(pixels(images(), blank), np.arange(4))
    stains = stains_of(cache)
    assert stains.found.tolist() == [True, True, False, False]
    np.testing.assert_allclose(stains.median.strengths, stains.strengths[:2].mean(axis=0), rtol=1e-6)
    assert (np.array(stains.median.eosin) @ colours[0, 1]) > 0.998 and np.linalg.norm(stains.median.eosin) == (
        pytest.approx(1)
    )
    assert stains.of(0, "a.png").strengths == pytest.approx(stains.strengths[0])


def test_a_reference_or_a_set_without_two_stains_is_refused() -> None:
    blank = stains_of(PixelCache(pixels(torch.full((2, 3, 32, 32), 255.0)), np.arange(2)))
    with pytest.raises(SettingInvalid, match="cannot be told apart in “a"):
        blank.of(1, "a.png")
    with pytest.raises(SettingInvalid, match="no image shows both"):
        _ = blank.median
