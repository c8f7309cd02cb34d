"""SimCLR v2 after its first stage: fine-tuning and distillation, against closed forms and torch."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.errors import CheckpointUnreadable, SettingInvalid
from engine.methods import Batch, build_method
from engine.methods.distillation import Distillation, distillation
from engine.methods.fine_tuning import FineTuning, class_weights
from engine.methods.simclr_v2 import SimCLRv2
from engine.methods.stage import Stage, first_layers, teacher_of
from engine.train.batches import alone
from engine.train.checkpoint import load_checkpoint, save_checkpoint
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.types import UNKNOWN
from engine.views.recipe import PRESETS

CPU = torch.device("cpu")
CODES = torch.tensor([0, 0, 0, 1, 2, 2, 0, 1, 1, 2, 0, 0])
CLASSES = ("crypt", "stroma", "mucus")


def pretrained(seed: int = 0, depth: int = 3) -> SimCLRv2:
    method = build_method(
        "simclr_v2", build_encoder("nano", {"width": 8}, seed=seed), {"hidden": 16, "width": 8, "depth": depth}, seed
    )
    assert isinstance(method, SimCLRv2)
    with torch.no_grad():  # norms as a training leaves them
        method.train().project(torch.randn(16, 3, 16, 16, generator=torch.Generator().manual_seed(seed)))
    return method


def fine_tuning(seed: int = 0, **settings: object) -> FineTuning:
    config = FineTuning.Config(**settings)  # type: ignore[arg-type]
    method = pretrained(seed)
    return FineTuning(method.encoder, first_layers(method.keeps(), config.head_layers), CLASSES, CODES, config)


def teacher(seed: int = 3) -> nn.Sequential:
    tuned = fine_tuning(seed)
    nn.init.normal_(tuned.classifier.weight, generator=torch.Generator().manual_seed(seed))
    network, _ = teacher_of(tuned.encoder, tuned.keeps())
    return network


def student(seed: int = 0, codes: Tensor = CODES, **settings: float) -> Distillation:
    encoder = build_encoder("nano", {"width": 8}, seed=seed)
    return Distillation(encoder, teacher(), CLASSES, codes, Distillation.Config(**settings))


def batch(rows: list[int]) -> Batch:
    images = torch.randn(1, len(rows), 3, 16, 16, generator=torch.Generator().manual_seed(1))
    return Batch(images, torch.tensor([rows]))


# From inside the head


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_the_layers_under_the_classifier_are_the_pretrained_ones_bit_for_bit(layers: int) -> None:
    method = pretrained()
    head = first_layers(method.keeps(), layers)
    expected, given = method.projector[: 3 * layers].state_dict(), head.state_dict()
    assert list(given) == list(expected) and len(head) == 3 * layers
    assert all(torch.equal(given[name], expected[name]) for name in expected)


def test_the_classifier_sees_what_the_pretrained_network_says_inside_its_head() -> None:
    method, tuned, images = pretrained().eval(), fine_tuning().eval(), torch.randn(4, 3, 16, 16)
    inside = method.projector[2](method.projector[1](method.projector[0](method.encoder(images))))  # linear, norm, ReLU
    assert torch.equal(tuned.project(images), inside)


def test_the_last_layer_of_the_projector_serves_the_comparison_only() -> None:
    with pytest.raises(SettingInvalid, match="at most 2 layers"):
        first_layers(pretrained().keeps(), 3)


def test_the_projector_is_as_deep_as_asked_for() -> None:
    assert [
        sum(isinstance(layer, nn.Linear) for layer in pretrained(depth=depth).projector) for depth in (2, 3, 5)
    ] == [
        2,
        3,
        5,
    ]


def test_what_kept_no_projector_or_no_classes_cannot_go_on() -> None:
    with pytest.raises(CheckpointUnreadable, match="simclr_v2"):
        first_layers({}, 1)
    with pytest.raises(CheckpointUnreadable, match="Fine-tune"):
        teacher_of(build_encoder("nano", {"width": 8}), pretrained().keeps())


# Fine-tuning


def test_without_balance_it_is_the_cross_entropy_of_torch() -> None:
    tuned, given = fine_tuning(balance=False), batch([0, 3, 4, 5])
    nn.init.normal_(tuned.classifier.weight)
    expected = F.cross_entropy(tuned.classify(given.views[0]), CODES[[0, 3, 4, 5]])
    torch.testing.assert_close(tuned.loss(given)["total"], expected)


def test_with_balance_it_is_the_weighted_cross_entropy_of_torch_over_all_images() -> None:
    tuned, given = fine_tuning(), batch(list(range(12)))
    nn.init.normal_(tuned.classifier.weight)
    weights = class_weights(CODES, 3)
    expected = F.cross_entropy(tuned.classify(given.views[0]), CODES, weight=weights)  # which divides by their sum
    torch.testing.assert_close(tuned.loss(given)["total"], expected)
    torch.testing.assert_close(weights, torch.tensor([12 / 18, 12 / 9, 12 / 9]))  # of 6, 3 and 3 images


def test_before_the_first_step_it_is_the_loss_of_guessing() -> None:
    losses = fine_tuning().loss(batch([0, 3, 4, 5]))
    torch.testing.assert_close(losses["total"], losses["trivial"])
    assert fine_tuning(balance=False).loss(batch([0, 3, 4, 5]))["trivial"].item() == pytest.approx(math.log(3))


# Distillation


def test_it_is_the_entropy_of_a_teacher_that_is_met_and_kl_more_where_not() -> None:
    ours, theirs = (
        torch.randn(5, 4, generator=torch.Generator().manual_seed(0)),
        torch.tensor([[2.0, 0.0, 1.0, -1.0]] * 5),
    )
    probability = (theirs / 0.5).softmax(dim=1)
    entropy = -(probability * probability.log()).sum(dim=1)
    torch.testing.assert_close(distillation(theirs, theirs, 0.5), entropy)
    divergence = F.kl_div((ours / 0.5).log_softmax(dim=1), probability, reduction="none").sum(dim=1)
    torch.testing.assert_close(distillation(ours, theirs, 0.5), entropy + divergence)


def test_a_teacher_beyond_doubt_is_a_label() -> None:
    scores = torch.randn(3, 3, generator=torch.Generator().manual_seed(0))
    certain = 1e4 * F.one_hot(torch.tensor([2, 0, 1])).float()
    torch.testing.assert_close(
        distillation(scores, certain, 1.0), F.cross_entropy(scores, torch.tensor([2, 0, 1]), reduction="none")
    )


def test_equation_3_adds_the_labels_of_the_labelled_by_their_share() -> None:
    codes = torch.tensor([UNKNOWN, 1, UNKNOWN, 2])
    learner, given = student(codes=codes, alpha=0.7, temperature=2.0), batch([0, 1, 2, 3])
    nn.init.normal_(learner.classifier.weight)
    scores, asked = learner.classify(given.views[0]).detach(), learner.teacher(given.views[0]).detach()
    expected = 0.0
    for image in range(4):
        wished, given_ = (asked[image] / 2).softmax(0), (scores[image] / 2).softmax(0)
        expected -= 0.7 * float((wished * given_.log()).sum())
        if codes[image] != UNKNOWN:
            expected -= 0.3 * float(scores[image].softmax(0)[codes[image]].log())
    assert learner.loss(given)["total"].item() == pytest.approx(expected / 4, rel=1e-5)


def test_the_teacher_gets_no_gradient_and_does_not_change() -> None:
    learner = student()
    before = copy.deepcopy(learner.teacher.state_dict())
    optimiser = torch.optim.SGD(learner.parameters(), lr=0.5)
    for step in range(3):
        learner.train().loss(batch([step, step + 1, step + 2, step + 3]))["total"].backward()
        assert all(weight.grad is None for weight in learner.teacher.parameters())
        optimiser.step()
    after = learner.teacher.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)  # its norms' running means among them
    assert not any(module.training for module in learner.teacher.modules())


def test_a_student_can_teach() -> None:
    learner = student().eval()
    nn.init.normal_(learner.classifier.weight)
    network, classes = teacher_of(learner.encoder, learner.keeps())
    images = torch.randn(4, 3, 16, 16)
    assert classes == list(CLASSES)
    assert torch.equal(network(images), learner.classify(images))


# Both


def training(stage: Stage) -> Training:
    config = TrainConfig(epochs=3, batch=4, size=16, warmup_epochs=0, weight_decay=0)
    return Training(stage, random_images(12, 16), alone, None, PRESETS["histology"], config, CPU)


@pytest.mark.parametrize("make", [fine_tuning, student], ids=["fine_tuning", "distillation"])
def test_a_resumed_stage_is_bit_equal_to_one_that_never_stopped(make: Callable[[int], Stage], tmp_path: Path) -> None:
    whole = training(make(0))
    expected = list(whole.steps())
    stopped = training(make(0))
    for step in stopped.steps():
        if step.step == 4:
            break
    save_checkpoint(tmp_path / "last.pt", stopped.state())
    resumed = training(make(7))  # other weights, so that everything must come from the checkpoint
    resumed.load(load_checkpoint(tmp_path / "last.pt"))
    assert [step.losses for step in resumed.steps()] == [step.losses for step in expected[4:]]
    ours, theirs = resumed.method.state_dict(), whole.method.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("make", [fine_tuning, student], ids=["fine_tuning", "distillation"])
def test_what_is_to_be_learnt_is_learnt(make: Callable[[int], Stage]) -> None:
    stage, given = make(0), batch(list(range(12)))
    optimiser = torch.optim.AdamW([weight for weight in stage.parameters() if weight.requires_grad], lr=3e-3)
    for _ in range(40):
        losses = stage.train().loss(given)
        optimiser.zero_grad()
        losses["total"].backward()
        optimiser.step()
    assert losses["total"] < losses["trivial"]
    assert max(losses[name] for name in ("label_accuracy", "teacher_agreement") if name in losses) > 0.8


def test_views_keep_their_colours_and_show_at_least_half() -> None:
    asked = PRESETS["histology"]
    drawn = asdict(fine_tuning().recipe(asked))
    changed = {name: value for name, value in drawn.items() if value != asdict(asked)[name]}
    assert changed == {"crop": 0.5, "jitter": 0.0, "blur": 0.0}
