"""What holds for every method around every encoder."""

import math
from dataclasses import replace

import pytest
import torch

from engine.encoders import ENCODERS, build_encoder
from engine.methods import METHODS, Batch, Method, build_method
from engine.settings import settings_of
from engine.train.batches import alone
from engine.train.config import TrainConfig
from engine.train.device import autocast
from engine.train.loop import Step, Training
from engine.train.measure import random_images
from engine.train.schedule import make_optimiser
from engine.views.recipe import PRESETS
from tests.contracts.small import small_encoder, small_settings

CPU = torch.device("cpu")
EACH_METHOD = pytest.mark.parametrize("name", list(METHODS))


IMAGES = 1000  # that a method may keep something of


def build(name: str, encoder: str = "", seed: int = 0, **settings: float) -> Method:
    small, chosen = small_encoder(name)
    network = build_encoder(encoder or small, {} if encoder else chosen, seed=seed)
    return build_method(name, network, small_settings(name, **settings), seed=seed, images=IMAGES)


def noise(count: int, views: int = 2, size: int = 16, first: int = 0) -> Batch:
    random = torch.Generator().manual_seed(first)
    images, crops = (
        torch.randn(views, count, 3, size, size, generator=random),
        torch.randn(3, count, 3, 16, 16, generator=random),
    )
    return Batch(images, torch.arange(first, first + count).repeat(views, 1), crops=crops)


def ramps(count: int, views: int = 2, size: int = 16) -> Batch:
    """Images that grow brighter to the right in red, downwards in green: a part tells what is around it, and its place.

    Each has its own colour to begin with.
    """
    down, right = torch.meshgrid(*[torch.linspace(-1, 1, size)] * 2, indexing="ij")
    colours = torch.randn(views, count, 3, 1, 1, generator=torch.Generator().manual_seed(0))
    return replace(noise(count, views), views=colours + torch.stack([right, down, right * down]))


def run(name: str, precision: str = "float32") -> tuple[list[Step], Method]:
    method = build(name)
    config = TrainConfig(epochs=2, batch=8, size=16, precision=precision)
    training = Training(method, random_images(13, 16), alone, None, PRESETS["natural"], config, CPU)
    return list(training.steps()), method


@pytest.mark.parametrize(
    ("name", "encoder"),
    [*((name, "") for name in METHODS), *(("byol", name) for name in ENCODERS if name != "nano")],
)
def test_every_weight_that_learns_gets_a_finite_gradient(name: str, encoder: str) -> None:
    method = build(name, encoder).train()
    method.loss(noise(4, size=32))["total"].backward()
    learning = {key: weight for key, weight in method.named_parameters() if weight.requires_grad}
    without = [key for key, weight in learning.items() if weight.grad is None or not weight.grad.isfinite().all()]
    assert learning and not without


@EACH_METHOD
def test_every_weight_that_learns_is_in_the_optimiser_and_no_norm_or_bias_decays(name: str) -> None:
    method = build(name)
    optimiser = make_optimiser(method, TrainConfig(weight_decay=0.1))
    decay = {id(weight): group["weight_decay"] for group in optimiser.param_groups for weight in group["params"]}
    for weight in method.parameters():
        if weight.requires_grad:
            assert decay[id(weight)] == (0.1 if weight.ndim > 1 else 0.0)


@EACH_METHOD
def test_the_loss_falls_when_one_batch_is_learnt_by_heart(name: str) -> None:
    method = build(name).train()
    batch, steps = (noise(8), 20) if method.views > 1 else (ramps(8), 60)  # in noise no part tells of another
    optimiser = torch.optim.AdamW((weight for weight in method.parameters() if weight.requires_grad), lr=3e-3)
    totals = []
    for _ in range(steps):
        losses = method.loss(batch)
        optimiser.zero_grad()
        losses["total"].backward()
        optimiser.step()
        method.after_step(0.5)
        totals.append(losses["total"].item() - float(losses.get("target_entropy", 0)))  # which no student can learn
    first = totals[0] if "target_entropy" in losses else max(totals[0], losses["trivial"].item())
    assert totals[-1] < 0.8 * first  # a queue begins with easy negatives: below what is trivial


@EACH_METHOD
@pytest.mark.parametrize("count", [2, 4, 7])
@pytest.mark.parametrize("views", [2, 3])
@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
def test_small_and_odd_batches_and_more_views_work_in_both_precisions(
    name: str, count: int, views: int, precision: torch.dtype
) -> None:
    with autocast(CPU, precision):
        losses = build(name).train().loss(noise(count, views))
    assert losses["total"].dtype == torch.float32
    assert all(value.ndim == 0 and value.isfinite() for value in losses.values())
    assert set(losses) >= {"total", "trivial"}


@EACH_METHOD
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_same_seed_gives_the_same_run(name: str, precision: str) -> None:
    (first, one), (second, other) = run(name, precision), run(name, precision)
    assert [step.losses for step in first] == [step.losses for step in second]
    assert all(torch.equal(left, right) for left, right in zip(one.parameters(), other.parameters(), strict=True))


@EACH_METHOD
def test_the_state_holds_everything(name: str) -> None:
    _, trained = run(name)
    fresh = build(name, seed=9)
    fresh.load_state_dict(trained.state_dict())
    images = torch.randn(4, 3, 16, 16)
    assert torch.equal(fresh.eval().project(images), trained.eval().project(images))
    ours, theirs = (
        [method.train().loss(noise(5, first=step))["total"] for step in (0, 3)] for method in (fresh, trained)
    )
    assert all(torch.equal(left, right) for left, right in zip(ours, theirs, strict=True))


@EACH_METHOD
def test_the_trivial_loss_is_what_unrelated_directions_get(name: str) -> None:
    method = build(name, temperature=1.0).train()  # a low one exaggerates how far from unrelated random weights are
    method.loss(noise(64, first=64))  # what a queue begins with is no image
    losses = method.loss(noise(64))
    assert losses["total"].item() == pytest.approx(losses["trivial"].item(), rel=0.2)


@EACH_METHOD
def test_every_method_says_what_it_is_and_what_its_settings_mean(name: str) -> None:
    card = METHODS[name].card
    assert {"family", "when_to_use", "assumes", "cost", "minimum_batch"} <= set(card)
    for setting in settings_of(METHODS[name].Config):
        assert setting.help and setting.parse(setting.default) == setting.default
        assert not (setting.type == "float" and math.isinf(setting.default))
