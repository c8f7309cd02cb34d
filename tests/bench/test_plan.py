"""Which cells a bench has, and that the same question always finds the same training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine import catalogue
from engine.bench.plan import Plan, make_plan
from engine.bench.start import check_bench
from engine.errors import ColumnMissing, SettingInvalid, TableUnreadable, UnknownName
from engine.jobs.bench_request import BenchRequest
from engine.jobs.request import from_json
from engine.project import Project

ALONE = [card["name"] for card in catalogue.read_catalogue()["methods"] if card.get("views", 2) == 1]
BOUND = [card for card in catalogue.read_catalogue()["methods"] if card.get("encoders")]


@pytest.fixture
def request_(demo_material: Path) -> BenchRequest:
    truth = str(demo_material / "truth.csv")
    return BenchRequest(truth=truth, methods=("simclr", "byol"), epochs=1, size=32, group="patient")


def names(plan: Plan) -> list[tuple[str, str]]:
    return [(cell.method, cell.prior) for cell in plan.trained]


def test_every_method_meets_every_prior(project: Project, request_: BenchRequest) -> None:
    plan = make_plan(project, replace(request_, priors=("augmentation", "same_group:patient")))
    assert names(plan) == [
        ("simclr", "augmentation"),
        ("simclr", "same_group:patient"),
        ("byol", "augmentation"),
        ("byol", "same_group:patient"),
    ]


def test_random_weights_of_every_encoder_and_imagenet_come_first_whatever_is_asked(
    project: Project, request_: BenchRequest
) -> None:
    plan = make_plan(project, replace(request_, encoders=("nano", "resnet18")))
    frozen = [(cell.encoder, cell.init) for cell in plan.cells[:3]]
    assert frozen == [("nano", "random"), ("resnet18", "random"), ("imagenet_lite0", "imagenet")]


@pytest.mark.parametrize("method", ALONE[:1])
def test_a_method_that_knows_no_partners_is_left_out_with_the_reason(
    method: str, project: Project, request_: BenchRequest
) -> None:
    plan = make_plan(project, replace(request_, methods=(method,), priors=("augmentation", "same_group:patient")))
    assert names(plan) == [(method, "augmentation")]
    assert [one.prior for one in plan.skipped] == ["same_group:patient"]
    assert "by itself" in plan.skipped[0].reason


@pytest.mark.parametrize("card", BOUND[:1], ids=lambda card: card["name"])
def test_a_method_made_for_certain_encoders_takes_those_and_brings_their_null(
    card: catalogue.Card, project: Project, request_: BenchRequest
) -> None:
    plan = make_plan(project, replace(request_, methods=("simclr", card["name"])))
    assert [cell.encoder for cell in plan.trained] == ["nano", *card["encoders"]]
    assert [cell.encoder for cell in plan.frozen] == ["nano", *card["encoders"], "imagenet_lite0"]


def test_the_same_question_finds_the_same_training(project: Project, request_: BenchRequest) -> None:
    asked_again = replace(request_, labels=(3,), seeds=9, name="other")
    assert [cell.train for cell in make_plan(project, asked_again).trained] == [
        cell.train for cell in make_plan(project, request_).trained
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 2},
        {"size": 48},
        {"seconds": 10.0},
        {"seconds": 20.0},
        {"training": {"batch": 8}},
        {"priors": ("same_group:patient",)},
        {"priors": ("same_group:patient:share=0.9",)},
        {"encoders": ("resnet18",)},
    ],
    ids=str,
)
def test_whatever_changes_a_training_changes_its_name(
    change: dict[str, object], project: Project, request_: BenchRequest
) -> None:
    changed = make_plan(project, replace(request_, **change))  # type: ignore[arg-type]
    assert {cell.train.name for cell in changed.trained if cell.train}.isdisjoint(
        cell.train.name for cell in make_plan(project, request_).trained if cell.train
    )


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"methods": ("simclear",)}, UnknownName, "simclr"),
        ({"encoders": ("nanno",)}, UnknownName, "nano"),
        ({"priors": ("same_grup",)}, UnknownName, "same_group"),
        ({"group": "ward"}, ColumnMissing, "patient"),
        ({"column": "klass"}, TableUnreadable, "label"),
        ({"seeds": 1}, SettingInvalid, "at least 2"),
        ({"labels": (0,)}, SettingInvalid, "1 or more"),
        ({"seconds": 1.0}, SettingInvalid, "at least 5"),
        ({"methods": ()}, SettingInvalid, "at least one"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_before_anything_starts(
    change: dict[str, object], error: type[Exception], says: str, project: Project, request_: BenchRequest
) -> None:
    with pytest.raises(error, match=says):
        check_bench(project, replace(request_, **change))  # type: ignore[arg-type]


def test_a_request_comes_back_from_json_as_it_was(request_: BenchRequest) -> None:
    assert from_json(request_.as_json()) == request_
