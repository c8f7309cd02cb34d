"""What auto-encoders minimise, against torch.distributions and numpy; and what they leave alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, distributions

from engine.encoders import build_encoder
from engine.methods import Batch, Method, build_method
from engine.methods.autoencoder import hide
from engine.methods.decoder import Decoder, guessing, squared_error
from engine.methods.perceptual_autoencoder import Eye, unlikeness
from engine.methods.variational_autoencoder import divergence
from engine.views.recipe import PRESETS

NAMES = ("autoencoder", "variational_autoencoder", "perceptual_autoencoder")


def method(name: str, **settings: float) -> Any:
    return build_method(name, build_encoder("nano", {"width": 8}), {"code": 6, **settings}).train()


def batch(count: int = 5, views: int = 2, seed: int = 0) -> Batch:
    images = torch.randn(views, count, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    rows = torch.arange(count).repeat(views, 1)
    return Batch(images, rows, random=torch.Generator().manual_seed(seed))


def moments(seed: int = 0) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    return torch.randn(5, 6, generator=random), torch.randn(5, 6, generator=random)


@pytest.mark.parametrize("size", [(16, 16), (32, 32), (33, 50), (128, 128), (4, 5)])
def test_the_decoder_draws_pictures_of_any_size(size: Sequence[int]) -> None:
    assert Decoder(6)(torch.randn(2, 6), *size).shape == (2, 3, *size)


def test_the_squared_error_of_guessing_is_the_variance_of_the_images() -> None:
    images = batch().views[0]
    assert guessing(images).item() == pytest.approx(images.numpy().var(axis=0).mean(), rel=1e-5)


def test_an_autoencoder_minimises_the_squared_error_of_what_it_draws() -> None:
    shown, autoencoder = batch(), method("autoencoder")
    images = shown.views.flatten(0, 1)
    drawn = autoencoder.decoder(autoencoder.project(images), 16, 16).detach().numpy()
    assert autoencoder.loss(shown)["total"].item() == pytest.approx(((drawn - images.numpy()) ** 2).mean(), rel=1e-5)


def test_hidden_pixels_lose_all_three_colours_and_as_many_as_asked() -> None:
    draws = torch.rand(4, 50, 50, generator=torch.Generator().manual_seed(0))
    hidden = hide(torch.ones(4, 3, 50, 50), draws, 0.3) == 0
    assert torch.equal(hidden.any(dim=1), hidden.all(dim=1))
    assert hidden.float().mean().item() == pytest.approx(0.3, abs=0.02)


def test_a_denoising_autoencoder_draws_what_it_was_not_shown() -> None:
    shown, autoencoder = batch(), method("autoencoder", masked=0.5)
    images = shown.views.flatten(0, 1)
    draws = torch.rand(5, 2, 16, 16, generator=torch.Generator().manual_seed(0)).transpose(0, 1)  # [V B H W]
    seen = torch.where(draws.flatten(0, 1)[:, None] < 0.5, 0, images)
    error = squared_error(autoencoder.decoder(autoencoder.project(seen), 16, 16), images).mean()
    torch.testing.assert_close(autoencoder.loss(shown)["total"], error)


def test_the_divergence_is_that_of_torch() -> None:
    mean, log_variance = moments()
    normal = distributions.Normal(mean, (log_variance / 2).exp())
    standard = distributions.Normal(torch.zeros(5, 6), torch.ones(5, 6))
    torch.testing.assert_close(divergence(mean, log_variance), distributions.kl_divergence(normal, standard))


@pytest.mark.parametrize(("beta", "spread"), [(1.0, 0.5), (4.0, 1.0)])
def test_the_loss_is_the_negative_evidence_lower_bound(beta: float, spread: float) -> None:
    shown, vae = batch(), method("variational_autoencoder", beta=beta, spread=spread)
    images, numbers = shown.views.flatten(0, 1), 3 * 16 * 16
    with torch.no_grad():
        features = vae.encoder(images)
        code = distributions.Normal(vae.mean(features), (vae.log_variance(features) / 2).exp())
        noise = torch.randn(5, 2, 6, generator=torch.Generator().manual_seed(0)).transpose(0, 1).flatten(0, 1)
        picture = distributions.Normal(vae.decoder(code.mean + code.stddev * noise, 16, 16), spread)
        likelihood = picture.log_prob(images).flatten(1).sum(dim=1)
        standard = distributions.Normal(torch.zeros(6), torch.ones(6))
        bound = likelihood - beta * distributions.kl_divergence(code, standard).sum(dim=1)
    constant = 0.5 * np.log(2 * np.pi * spread**2)
    assert vae.loss(shown)["total"].item() == pytest.approx(-bound.mean().item() / numbers - constant, rel=1e-4)


def test_free_bits_cost_what_they_are_while_the_code_says_less() -> None:
    losses = method("variational_autoencoder", free_bits=9.0).loss(batch())
    assert losses["divergence"].item() == pytest.approx(6 * 9.0 / (3 * 16 * 16))


def test_the_eye_is_never_trained_and_always_looks_in_the_same_way() -> None:
    perceptual = method("perceptual_autoencoder")
    images = batch().views[0]
    before = [maps.clone() for maps in perceptual.eye(images)]
    perceptual.loss(batch())["total"].backward()
    assert all(torch.equal(one, other) for one, other in zip(before, perceptual.train().eye(images), strict=True))
    assert not any(weight.requires_grad for weight in perceptual.eye.parameters())


def test_the_eye_sees_what_the_whole_network_sees_at_these_depths() -> None:
    body = build_encoder("imagenet_lite0", {}, "imagenet").eval().body
    seen: list[Tensor] = []
    for depth in (0, 2, 4):
        body._blocks[depth].register_forward_hook(lambda *call: seen.append(call[-1]))  # type: ignore[index, union-attr]
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    body.extract_features(images)  # type: ignore[operator]
    for ours, theirs in zip(Eye()(images), seen, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_pictures_alike_are_not_unlike_and_mean_features_are_unlike_by_one() -> None:
    maps = [torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(seed)) for seed in range(2)]
    assert unlikeness(maps, maps).item() == 0
    assert unlikeness([one.mean(dim=0, keepdim=True) for one in maps], maps).item() == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_there_are_reconstructions_to_look_at_and_they_are_always_the_same(name: str) -> None:
    autoencoder: Method = method(name).eval()
    images = batch().views[0]
    first, second = autoencoder.pictures(images), autoencoder.pictures(images)
    assert "reconstruction" in first
    for title, pictures in first.items():
        assert pictures.shape == images.shape and torch.equal(pictures, second[title])


@pytest.mark.parametrize("name", NAMES)
def test_views_to_be_reconstructed_keep_their_colours(name: str) -> None:
    recipe = method(name).recipe(PRESETS["histology"])
    assert (recipe.jitter, recipe.grey, recipe.blur) == (0, 0, 0) and recipe.crop >= 0.5 and recipe.rotation == 180
