"""Advice: a method that fits the images, the machine and the pairs, and what speaks against another."""

from __future__ import annotations

from typing import Any

import pytest

from engine.catalogue import read_catalogue
from engine.jobs.advice import Situation, advise, cautions, pairing_of, useful_priors
from engine.priors import PriorSpec

SIMCLR = {"name": "simclr", "title": "SimCLR", "family": "contrastive", "minimum_batch": 32, "cost": "low"}
BYOL = {"name": "byol", "title": "BYOL", "minimum_batch": 8, "cost": "medium"}
DINO = {"name": "dino", "title": "DINO", "minimum_batch": 16, "cost": "high"}
MAE = {"name": "mae", "title": "MAE", "minimum_batch": 4, "views": 1, "encoders": ["nano_vit"]}
METHODS = [MAE, BYOL, SIMCLR, DINO]
NANO = {"name": "nano", "title": "Nano ResNet"}
PATIENT, VIEWS = PriorSpec("same_group", {"column": "patient"}), PriorSpec("augmentation")


def test_simclr_is_advised_where_two_of_its_smallest_batches_can_be_filled() -> None:
    assert advise(Situation(64), METHODS).method == "simclr"
    assert advise(Situation(63), METHODS).method == "byol"


def test_a_batch_too_small_for_simclr_makes_it_byol() -> None:
    assert advise(Situation(1000, batch=16), METHODS).method == "byol"


def test_with_hardly_an_image_the_method_that_asks_for_the_fewest_is_advised() -> None:
    advice = advise(Situation(5), METHODS)
    assert advice.method == "mae"
    assert "5 in all" in advice.reason


def test_a_method_that_has_no_use_for_partners_is_never_advised_beside_them() -> None:
    assert advise(Situation(5, pairs="same patient"), METHODS).method == "byol"


def test_the_reason_names_the_images_the_machine_and_the_pairs() -> None:
    reason = advise(Situation(600, device="cuda", pairs="same patient"), METHODS).reason
    assert "600 images" in reason and "GPU" in reason and "same patient" in reason


@pytest.mark.parametrize(
    ("method", "now", "said"),
    [
        (MAE, Situation(600, pairs="same patient"), "pairs by same patient are left out"),
        (SIMCLR, Situation(63), "63 in all are few"),
        (SIMCLR, Situation(600, batch=8), "below 32 images; yours have 8"),
        (DINO, Situation(600), "no GPU"),
        (MAE, Situation(600), "works with nano_vit only"),
    ],
)
def test_what_speaks_against_a_method_is_said(method: dict[str, Any], now: Situation, said: str) -> None:
    assert any(said in sentence for sentence in cautions(method, now, NANO))


def test_nothing_speaks_against_a_costly_method_on_a_gpu() -> None:
    assert cautions(DINO, Situation(600, device="cuda"), NANO) == []


def test_views_too_small_for_the_encoder_are_said() -> None:
    (sentence,) = cautions(SIMCLR, Situation(600, size=16), {**NANO, "smallest_size": 32})
    assert "at least 32 pixels; yours have 16" in sentence


def test_priors_that_give_partners_are_told_from_those_that_do_not() -> None:
    assert pairing_of([PATIENT, VIEWS]) == "same patient"
    assert pairing_of([VIEWS, PriorSpec("same_group", {"column": "patient", "share": 0.0})]) == ""


def test_only_a_method_that_compares_images_keeps_partners() -> None:
    assert useful_priors(MAE, [PATIENT, VIEWS]) == (VIEWS,)
    assert useful_priors(SIMCLR, [PATIENT, VIEWS]) == (PATIENT, VIEWS)


def test_the_advised_method_is_in_the_catalogue() -> None:
    methods = read_catalogue()["methods"]
    assert advise(Situation(10_000), methods).method in [card["name"] for card in methods]
