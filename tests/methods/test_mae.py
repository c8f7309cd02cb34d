"""MAE: which patches it hides, and what their reconstruction costs."""

import numpy as np
import pytest
import torch
from lightly.models.utils import patchify

from engine.encoders import build_encoder
from engine.errors import SettingInvalid
from engine.methods import Batch, build_method
from engine.methods.mae import MAE
from engine.views.recipe import PRESETS

SMALL = {"width": 24, "depth": 2}


def small(**settings: object) -> MAE:
    encoder = build_encoder("nano_vit", SMALL, seed=1)
    method = build_method("mae", encoder, {"hidden": 16, **settings}, seed=1)
    assert isinstance(method, MAE)
    return method.eval()


def batch(images: torch.Tensor) -> Batch:
    return Batch(images[None], torch.arange(len(images))[None], random=torch.Generator().manual_seed(3))


IMAGES = torch.rand(5, 3, 16, 16, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("normalise", [True, False])
def test_the_loss_is_the_squared_error_over_the_hidden_patches_alone(normalise: bool) -> None:
    method = small(normalise=normalise)
    losses = method.loss(batch(IMAGES))
    order = batch(IMAGES).uniform(1, 16)[:, 0].argsort(dim=1)
    truth = patchify(IMAGES, 4).unflatten(2, (16, 3)).transpose(2, 3).flatten(2).numpy()  # colour before place
    if normalise:
        truth = (truth - truth.mean(axis=2, keepdims=True)) / np.sqrt(truth.var(axis=2, ddof=1, keepdims=True) + 1e-6)
    painted = method.reconstruct(IMAGES, order[:, :4]).detach().numpy()
    errors, blind = [], []
    for image, hidden in enumerate(order[:, 4:].numpy()):
        errors.append(((painted[image, hidden] - truth[image, hidden]) ** 2).mean())
        blind.append(((truth.mean(axis=(0, 1)) - truth[image, hidden]) ** 2).mean())
    assert losses["total"].item() == pytest.approx(np.mean(errors), rel=1e-5)
    assert losses["trivial"].item() == pytest.approx(np.mean(blind), rel=1e-5)


def test_hidden_patches_cannot_be_seen() -> None:
    method, changed = small(), IMAGES.clone()
    changed[:, :, :4, :4] = 7.0  # patch 0
    keep = torch.arange(1, 5).expand(5, -1)
    assert torch.equal(method.reconstruct(IMAGES, keep), method.reconstruct(changed, keep))


@pytest.mark.parametrize(("masked", "kept"), [(0.75, 4), (0.5, 8), (0.95, 1), (0.1, 14)])
def test_the_share_that_is_hidden_is_the_one_asked_for_and_differs_between_images(masked: float, kept: int) -> None:
    keep, hidden = small(masked=masked)._split(torch.rand(9, 16))
    assert keep.shape == (9, kept)
    assert torch.equal(torch.cat([keep, hidden], dim=1).sort(dim=1).values, torch.arange(16).expand(9, -1))
    assert len(keep.sort(dim=1).values.unique(dim=0)) > 1


def test_blank_patches_stay_finite() -> None:
    losses = small().loss(batch(torch.zeros(3, 3, 16, 16)))
    assert losses["total"].isfinite() and losses["trivial"].item() == 0


@pytest.mark.parametrize("side", [16, 18])
def test_pictures_keep_what_was_seen(side: int) -> None:
    images = torch.rand(2, 3, side, side)
    pictures = small().pictures(images)
    assert list(pictures) == ["masked", "reconstruction"]
    masked, painted = pictures.values()
    blank = (masked == 0).all(dim=1)
    assert blank.float().sum().item() == 2 * 12 * 16
    kept = ~blank[:, None].expand_as(images)
    assert torch.equal(masked[kept], images[kept])
    torch.testing.assert_close(painted[kept], images[kept])


def test_pictures_have_the_brightness_of_the_truth() -> None:
    pictures = small().pictures(IMAGES)["reconstruction"]
    pooled = [torch.nn.functional.avg_pool2d(images.mean(dim=1), 4) for images in (pictures, IMAGES)]
    torch.testing.assert_close(*pooled, atol=0.15, rtol=0)


def test_colours_stay_as_they_are() -> None:
    recipe = small().recipe(PRESETS["natural"])
    assert (recipe.jitter, recipe.grey, recipe.blur) == (0, 0, 0)
    assert (recipe.crop, recipe.flip_horizontal) == (PRESETS["natural"].crop, True)


def test_an_encoder_without_patches_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="Choose nano_vit"):
        build_method("mae", build_encoder("nano", {"width": 8}), {})
