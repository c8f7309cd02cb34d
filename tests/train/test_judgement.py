"""The one sentence about a run; and a run that has collapsed is called so."""

import pytest
import torch

from engine.encoders import build_encoder
from engine.methods import build_method
from engine.train.batches import alone
from engine.train.config import TrainConfig
from engine.train.judgement import judgement, stopped_early
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.views.recipe import PRESETS

HEALTHY = {"loss": 2.0, "trivial": 6.0, "std_ratio": 0.9, "rankme": 80.0, "features": 256.0}


def test_a_healthy_run_is_called_healthy_with_its_numbers() -> None:
    sentence = judgement(HEALTHY)
    assert sentence.startswith("Healthy") and "2.00" in sentence and "80 of 256" in sentence


def test_vectors_all_alike_are_called_collapsed() -> None:
    assert judgement(HEALTHY | {"std_ratio": 0.01}).startswith("Collapsed")


def test_one_direction_is_called_nearly_collapsed() -> None:
    assert judgement(HEALTHY | {"rankme": 1.4}).startswith("Nearly collapsed")


def test_a_loss_no_better_than_guessing_is_said_to_be_that() -> None:
    assert judgement(HEALTHY | {"loss": 6.0}).startswith("Nothing learnt yet")


def test_guessing_for_five_epochs_is_called_stuck() -> None:
    guessing = HEALTHY | {"loss": 6.0}
    assert judgement(guessing, [6.0] * 4).startswith("Nothing learnt yet")
    assert judgement(guessing, [6.0] * 5).startswith("Stuck")
    assert judgement(guessing, [4.0, 6.0, 6.0, 6.0, 6.0]).startswith("Nothing learnt yet")


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([3.0, 2.9, 2.8, 2.4, 2.2, 2.0], "Still improving, by 24% in 3 epochs"),
        ([2.0] * 6, "Levelled off"),
        ([2.0, 2.0, 2.0, 2.2, 2.2, 2.2], "The loss is rising, by 10%"),
        ([3.0, 2.0], "Healthy"),
    ],
)
def test_the_last_epochs_are_compared_with_those_before(losses: list[float], said: str) -> None:
    assert judgement(HEALTHY, losses).startswith(said)


def test_an_early_end_says_when_and_why() -> None:
    said = stopped_early(TrainConfig(patience=5, min_improvement=0.01), 12, 40)
    assert "after epoch 12 of 40" in said and "in 5 epochs" in said and "more than 1%" in said


def test_labelled_neighbours_are_mentioned_where_there_are_any() -> None:
    sentence = judgement(HEALTHY | {"knn": 0.62, "knn_chance": 0.25})
    assert "62%" in sentence and "25%" in sentence


def test_before_the_first_epoch_there_is_nothing_to_judge() -> None:
    assert "not ended" in judgement({})


def test_a_network_forced_to_one_answer_is_called_collapsed() -> None:
    method = build_method("byol", build_encoder("nano", {"width": 8}), {"width": 16, "hidden": 16})
    with torch.no_grad():
        method.projector[-1].weight.mul_(1e-3)
        method.projector[-1].bias.fill_(1.0)
    config = TrainConfig(epochs=1, batch=16, size=16, learning_rate=1e-6)
    run = Training(method, random_images(16, 16), alone, None, PRESETS["natural"], config, torch.device("cpu"))
    last = list(run.steps())[-1]
    assert judgement(last.monitors).startswith("Collapsed")


def test_a_loss_that_nothing_can_lower_is_not_called_healthy() -> None:
    alone = {"loss": 0.0, "trivial": 0.0}  # every other image of the batch is of the same group and left out
    assert judgement(HEALTHY | alone).startswith("Nothing learnt")


def test_vectors_that_gather_by_class_are_no_collapse_where_classes_are_taught() -> None:
    gathered = HEALTHY | {"rankme": 1.5, "label_accuracy": 0.95}
    assert judgement(gathered).startswith("The network names the class of 95%")
    assert "70% of those that were left out" in judgement(gathered | {"left_out_accuracy": 0.7})
    assert judgement(HEALTHY | {"teacher_agreement": 0.8}).startswith("The student gives 80%")
