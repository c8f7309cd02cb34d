"""Colourisation: bins of colour, how rare ones count, the loss against numpy, and that only lightness is seen."""

import numpy as np
import pytest
import torch

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.colourisation import Colourisation, shown_bins, soft_bins
from engine.methods.lab import lab_of
from engine.views.draw import MEAN, SPREAD
from engine.views.recipe import PRESETS


def small(**settings: object) -> Colourisation:
    encoder = build_encoder("nano", {"width": 8}, seed=1)
    method = build_method("colourisation", encoder, {"hidden": 8, **settings}, seed=1)
    assert isinstance(method, Colourisation)
    return method.eval()


def normalised(colours: torch.Tensor) -> torch.Tensor:
    return (colours - torch.tensor(MEAN)[:, None, None]) / torch.tensor(SPREAD)[:, None, None]


def batch(colours: torch.Tensor) -> Batch:
    return Batch(normalised(colours)[None], torch.arange(len(colours))[None])


COLOURS = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def test_the_bins_hold_every_colour_of_a_screen() -> None:
    bins = shown_bins()
    colours = lab_of(torch.rand(1, 3, 100, 100))[0, 1:].flatten(1).T
    assert 240 <= len(bins) <= 313
    assert torch.cdist(colours, bins).min(dim=1).values.max() <= 50**0.5 + 4  # half a diagonal, and a little at the rim


def test_a_colour_belongs_to_its_five_nearest_bins_by_a_gaussian() -> None:
    bins, colour = shown_bins(), np.array([12.0, -3.0])
    shares, nearest = soft_bins(torch.tensor(colour, dtype=torch.float32).view(1, 1, 2), bins)
    apart = np.linalg.norm(bins.numpy() - colour, axis=1)
    chosen = np.argsort(apart)[:5]
    gaussian = np.exp(-(apart[chosen] ** 2) / (2 * 5.0**2))
    assert nearest[0, 0].tolist() == chosen.tolist()
    np.testing.assert_allclose(shares[0, 0].numpy(), gaussian / gaussian.sum(), rtol=1e-4)


@pytest.mark.parametrize("uniform", [0.0, 0.5, 1.0])
def test_rare_colours_count_more_and_a_place_counts_one_in_the_mean(uniform: float) -> None:
    method = small(uniform=uniform)
    method.seen = torch.rand(len(method.bins), generator=torch.Generator().manual_seed(1)) ** 4
    shares = method.seen.numpy() / method.seen.sum().item()
    smooth = method.smoothing.numpy().T @ shares
    expected = 1 / ((1 - uniform) * smooth + uniform / len(smooth))
    expected /= (expected * smooth).sum()
    np.testing.assert_allclose(method.weights().numpy(), expected, rtol=1e-4)
    assert (method.weights().std() > 0.01) == (uniform < 1)


def test_the_loss_is_the_weighted_cross_entropy_of_the_soft_bins() -> None:
    method = small()
    total = method.loss(batch(COLOURS))["total"].item()
    lab = lab_of(COLOURS)
    logits = (method.logits(lab[:, :1]) + method.prior()[:, None, None]).detach().numpy()
    high = logits.shape[2]
    pooled = lab[:, 1:].numpy().reshape(3, 2, high, 16 // high, high, 16 // high).mean(axis=(3, 5))
    weights, bins, costs = method.weights().numpy(), method.bins, []
    for image, row, column in np.ndindex(3, high, high):
        colour = torch.from_numpy(pooled[image, :, row, column]).view(1, 1, 2)
        shares, nearest = (part[0, 0].numpy() for part in soft_bins(colour, bins))
        place = logits[image, :, row, column]
        logs = place - np.log(np.exp(place).sum())
        costs.append(-weights[nearest[0]] * (shares * logs[nearest]).sum())
    assert total == pytest.approx(np.mean(costs), rel=1e-3)


def test_only_lightness_is_seen() -> None:
    method, seen = small(), []
    maps = method.encoder.maps
    method.encoder.maps = lambda images: seen.append(images) or maps(images)  # type: ignore[method-assign, func-returns-value]
    method.loss(batch(COLOURS))
    grey = seen[0] * torch.tensor(SPREAD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    torch.testing.assert_close(grey, (lab_of(COLOURS)[:, :1] / 100).expand(-1, 3, -1, -1), atol=1e-4, rtol=0)


def test_blank_images_cost_no_more_than_is_trivial_and_stay_finite() -> None:
    losses = small().loss(batch(torch.zeros(3, 3, 16, 16)))
    assert losses["total"].isfinite() and losses["total"].item() < 2 * losses["trivial"].item()


@pytest.mark.parametrize("side", [16, 20])
def test_pictures_keep_the_lightness(side: int) -> None:
    colours = 0.4 + 0.2 * torch.rand(2, 3, side, side)
    method = small()
    method.loss(batch(colours))
    pictures = method.pictures(normalised(colours))
    assert list(pictures) == ["lightness", "colours"]
    for picture in pictures.values():
        shown = picture * torch.tensor(SPREAD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
        torch.testing.assert_close(lab_of(shown)[:, 0], lab_of(colours)[:, 0], atol=1.0, rtol=0)


def test_colours_stay_as_they_are() -> None:
    recipe = small().recipe(PRESETS["natural"])
    assert (recipe.jitter, recipe.grey) == (0, 0)
