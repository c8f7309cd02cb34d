"""What CS-CO minimises in either stage, against numpy; and what stands still in the second."""

from typing import Any

import numpy as np
import pytest
import torch

from engine.encoders import TwoStains, build_encoder, pack, unpack
from engine.errors import SettingInvalid
from engine.methods import Batch, build_method
from engine.types import Array
from engine.views.draw import MEAN, SPREAD
from engine.views.recipe import PRESETS
from engine.views.stain import RUIFROK, combine, ruifrok


def method(progress: float = 0.0, **settings: Any) -> Any:
    made = build_method("cs_co", build_encoder("nano", {"width": 8}), {"width": 6, "hidden": 8, **settings}).train()
    made.after_step(progress)
    return made


def batch(count: int = 5, views: int = 2) -> Batch:
    """Tissue of random amounts of both stains, as views are."""
    random = torch.Generator().manual_seed(1)
    amounts = torch.rand(views * count, 3, 16, 16, generator=random) * torch.tensor([1.0, 0.8, 0])[:, None, None]
    colours = combine(amounts, ruifrok(amounts)) / 255
    normalised = (colours - torch.tensor(MEAN)[:, None, None]) / torch.tensor(SPREAD)[:, None, None]
    rows = torch.arange(count).repeat(views, 1)
    return Batch(normalised.view(views, count, 3, 16, 16), rows, random=torch.Generator().manual_seed(2))


def numpy_pictures(views: torch.Tensor, perturbation: Array | None = None) -> Array:
    """Brightness of each stain alone [B 2 H W]: least squares in optical density, no negative amounts."""
    images = views.numpy().astype(float) * np.array(SPREAD)[:, None, None] + np.array(MEAN)[:, None, None]
    density = -np.log(np.clip(255 * images, 1, 255) / 255)
    colours = np.array(RUIFROK) / np.linalg.norm(RUIFROK, axis=1, keepdims=True)
    each = colours + (np.zeros((len(images), 2, 3)) if perturbation is None else perturbation)
    amounts = [np.linalg.pinv(stains.T) @ one.reshape(3, -1) for stains, one in zip(each, density, strict=True)]
    return np.exp(-np.clip(amounts, 0, None)).reshape(len(images), 2, *images.shape[2:])


def cross_error(made: Any, shown: Batch) -> float:
    """Mean squared error of both predictions, summed, over standardised pictures."""
    true = numpy_pictures(shown.views[0])
    standard = (true - true.mean((0, 2, 3), keepdims=True)) / np.sqrt(true.var((0, 2, 3), keepdims=True) + 1e-5)
    maps = made.encoder.maps_of(torch.from_numpy(true).float())
    eosin, haematoxylin = (
        decoder(seen, 16, 16)[:, 0].detach().numpy() for decoder, seen in zip(made.decoders, maps, strict=True)
    )
    return float(((haematoxylin - standard[:, 0]) ** 2).mean() + ((eosin - standard[:, 1]) ** 2).mean())


def cosine_distance(one: torch.Tensor, other: torch.Tensor) -> float:
    left, right = one.detach().numpy(), other.detach().numpy()
    cosines = (left * right).sum(1) / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)
    return float((2 - 2 * cosines).mean())


def test_the_first_stage_minimises_the_error_of_predicting_each_stain_from_the_other() -> None:
    shown, made = batch(), method(weight=3.0)
    losses = made.loss(shown)
    assert losses["cross_stain"].item() == pytest.approx(cross_error(made, shown), rel=1e-4)
    assert losses["total"].item() == pytest.approx(2 + 3 * cross_error(made, shown), rel=1e-4)


def test_the_second_stage_adds_how_far_perturbed_views_disagree() -> None:
    shown, made = batch(), method(progress=0.5, weight=3.0, perturbation=0.05)
    losses = made.loss(shown)
    noise = 0.05 * torch.randn(5, 1, 2, 3, generator=torch.Generator().manual_seed(2)).numpy()[:, 0]
    pictures = numpy_pictures(shown.views[0]), numpy_pictures(shown.views[1], noise)
    projections = [made.projector(made.encoder.seen(torch.from_numpy(one).float())) for one in pictures]
    predictions = [made.predictor(projection) for projection in projections]
    disagreement = np.mean([cosine_distance(predictions[i], projections[1 - i]) for i in range(2)])
    assert losses["contrast"].item() == pytest.approx(disagreement, rel=1e-3)
    assert losses["total"].item() == pytest.approx(disagreement + 3 * cross_error(made, shown), rel=1e-3)


def test_decoders_learn_in_the_first_stage_only_and_heads_in_the_second_only() -> None:
    for progress, learn, still in ((0.4, "decoders", "predictor"), (0.5, "predictor", "decoders")):
        made = method(progress)
        made.loss(batch())["total"].backward()
        gradients = {
            part: [weight.grad for weight in getattr(made, part).parameters()] for part in ("decoders", "predictor")
        }
        assert all(one is not None and one.abs().sum() > 0 for one in gradients[learn][-1:])
        assert all(one is None or one.abs().sum() == 0 for one in gradients[still])


def test_the_gradient_of_the_contrast_stops_at_the_projections_that_are_predicted() -> None:
    made = method(progress=1.0, weight=0.001)
    made.predictor[-1].weight.data.zero_()  # what is predicted no longer depends on the images
    made.loss(batch())["total"].backward()
    assert made.projector[-1].weight.grad.abs().sum() == 0


def test_each_network_sees_one_stain_alone_and_a_vector_is_what_both_say() -> None:
    made = method().eval()
    images = batch().views[0]
    true = numpy_pictures(images)
    vectors = made.encoder(images)
    assert vectors.shape == (5, 2 * 64) == (5, made.encoder.width)
    grey = np.repeat(true[:, :1], 3, axis=1) - np.array(MEAN)[:, None, None]
    alone = made.encoder.haematoxylin(torch.from_numpy(grey / np.array(SPREAD)[:, None, None]).float())
    torch.testing.assert_close(vectors[:, :64], alone, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(made.encoder.maps(images).mean(dim=(2, 3)), vectors)


def test_the_trained_encoder_comes_back_from_its_file_and_is_not_doubled_again() -> None:
    made = method(colours="estimated").eval()
    again = unpack(pack(made.encoder)).eval()
    images = batch().views[0]
    assert torch.equal(again(images), made.encoder(images))
    assert build_method("cs_co", again, {}).encoder is again and isinstance(again, TwoStains)


def test_views_without_any_stain_or_light_give_finite_losses() -> None:
    for level in (0.0, 1.0):
        plain = (torch.full((2, 4, 3, 16, 16), level) - torch.tensor(MEAN)[:, None, None]) / torch.tensor(SPREAD)[
            :, None, None
        ]
        for colours in ("fixed", "estimated"):
            losses = method(progress=1.0, colours=colours).loss(Batch(plain, torch.arange(4).repeat(2, 1)))
            assert all(value.isfinite() for value in losses.values())


def test_an_encoder_without_features_in_place_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="features in place"):
        build_method("cs_co", build_encoder("torchvision:vit_b_32", {}), {})


def test_the_pictures_show_both_stains_and_what_is_predicted_of_them() -> None:
    images = batch().views[0]
    shown = method().eval().pictures(images)
    assert [*shown] == [
        "haematoxylin",
        "haematoxylin predicted from eosin",
        "eosin",
        "eosin predicted from haematoxylin",
    ]
    assert all(pictures.shape == images.shape for pictures in shown.values())
    true = shown["eosin"].numpy() * np.array(SPREAD)[:, None, None] + np.array(MEAN)[:, None, None]
    eosin = numpy_pictures(images)[:, 1, None] ** (np.array(RUIFROK[1]) / np.linalg.norm(RUIFROK[1]))[:, None, None]
    np.testing.assert_allclose(true, eosin, atol=1e-4)


def test_views_keep_their_colours_and_may_be_blurred() -> None:
    recipe = method().recipe(PRESETS["histology"])
    assert (recipe.jitter, recipe.grey, recipe.stain, recipe.blur) == (0, 0, 0, PRESETS["histology"].blur)
