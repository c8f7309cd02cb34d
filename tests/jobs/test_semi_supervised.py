"""Fine-tuning and distillation as requests: what they take from the run before, refuse, and where a run stands."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine import jobs
from engine.errors import EngineError, RunMissing, SettingInvalid, TooFewLabels, UnknownName
from engine.images.table import read_table
from engine.jobs.request import from_json
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.jobs.tasks.given_labels import keep_given_labels, read_given_labels
from engine.jobs.three_stages import three_stages
from engine.labels.store import LabelStore
from engine.priors import PriorSpec
from engine.project import Project
from engine.run_folder import RunFolder
from engine.train.left_out import choose_left_out
from engine.types import UNKNOWN
from tests.jobs.earlier import label_two_classes, pretend

FIRST = jobs.TrainRequest(
    method="simclr_v2",
    method_settings={"depth": 4},
    priors=(PriorSpec("same_group", {"column": "patient"}), PriorSpec("augmentation", {"preset": "grey"})),
    encoder_settings={"width": 8},
    training={"size": 48, "epochs": 3},
)


@pytest.fixture
def learnt(project: Project) -> Project:
    """A project with a run “first” of SimCLR v2 and a run “plain” of SimCLR."""
    pretend(project, "first", FIRST, views_per_second=100)
    pretend(project, "plain", jobs.TrainRequest(method="simclr"))
    return project


@pytest.fixture
def labelled(learnt: Project) -> Project:
    label_two_classes(learnt)
    return learnt


@pytest.mark.parametrize("request_", [FineTuneRequest(run="first", name="mine"), DistilRequest(teacher="tuned")])
def test_a_completed_request_comes_back_from_json_as_it_was(labelled: Project, request_: Any) -> None:
    pretend(labelled, "tuned", FineTuneRequest(run="first").completed(labelled))
    whole = request_.completed(labelled)
    assert from_json(json.loads(json.dumps(whole.as_json()))) == whole


def test_what_is_left_open_is_taken_from_the_run_before(labelled: Project) -> None:
    whole = FineTuneRequest(run="first", training={"epochs": 7}).completed(labelled)
    assert (whole.encoder, whole.encoder_settings, whole.priors) == ("nano", {"width": 8}, FIRST.priors)
    assert (whole.config.size, whole.config.epochs, whole.config.weight_decay) == (48, 7, 0.0)


def test_a_student_of_its_teachers_kind_starts_from_its_encoder_another_at_random(labelled: Project) -> None:
    pretend(labelled, "tuned", FineTuneRequest(run="first").completed(labelled))
    inits = {
        name: DistilRequest(teacher="tuned", **wishes).completed(labelled).init
        for name, wishes in {
            "same": {},
            "smaller": {"encoder_settings": {"width": 4}},
            "other": {"encoder": "resnet18"},
            "asked": {"init": "random"},
        }.items()
    }
    assert inits == {"same": "tuned", "smaller": "random", "other": "random", "asked": "random"}


@pytest.mark.parametrize(
    ("request_", "error", "says"),
    [
        (FineTuneRequest(run="plain"), SettingInvalid, "Train with the method simclr_v2 first"),
        (FineTuneRequest(run="none"), RunMissing, "none"),
        (FineTuneRequest(run="first", method_settings={"head_layers": 4}), SettingInvalid, "at most 3"),
        (FineTuneRequest(run="first", method_settings={"tau": 1}), UnknownName, "head_layers"),
        (FineTuneRequest(run="first", training={"size": 8}), SettingInvalid, "at least 16"),
        (FineTuneRequest(run="first", training={"processes": 2}), SettingInvalid, "one process"),
        (DistilRequest(teacher="first"), SettingInvalid, "Fine-tune it on labels first"),
        (DistilRequest(teacher="tuned", encoder="vgg"), UnknownName, "nano"),
        (DistilRequest(teacher="tuned", init="none"), SettingInvalid, "none"),
        (DistilRequest(teacher="tuned", method_settings={"alpha": 2}), SettingInvalid, "at most 1"),
    ],
)
def test_a_wrong_request_starts_nothing(
    labelled: Project, request_: jobs.Request, error: type[EngineError], says: str
) -> None:
    pretend(labelled, "tuned", FineTuneRequest(run="first").completed(labelled))
    before = len(jobs.statuses(labelled))
    with pytest.raises(error, match=says):
        jobs.start(labelled, request_)
    assert len(jobs.statuses(labelled)) == before


def test_labels_of_one_class_are_too_few_and_pseudo_labels_are_none(learnt: Project) -> None:
    with pytest.raises(TooFewLabels, match="labels of 0"):
        jobs.start(learnt, FineTuneRequest(run="first"))
    store, ids = LabelStore(learnt), list(read_table(learnt).ids)
    crypt, stroma = (store.add_class(name, "ana") for name in ("crypt", "stroma"))
    store.label(ids[:3], crypt.id, "ana", "click")
    store.accept(ids[3:5], [stroma.id] * 2, [0.9, 0.8], "p1", "ana")
    with pytest.raises(TooFewLabels, match=r"labels of 1 .“crypt”.\. Label one image of another class"):
        jobs.start(learnt, FineTuneRequest(run="first"))


def test_a_run_learns_from_the_labels_that_stood_when_it_began(labelled: Project) -> None:
    folder, ids = RunFolder.of(labelled, "first"), read_table(labelled).ids
    keep_given_labels(labelled, folder)
    store = LabelStore(labelled)
    store.label(list(ids[:2]), store.class_named("stroma").id, "ana", "click")
    keep_given_labels(labelled, folder)  # as when it is resumed
    given = read_given_labels(folder)
    assert given.codes(ids, ["stroma", "crypt"])[:5].tolist() == [1, 1, 0, 0, UNKNOWN]


def test_the_steps_say_what_comes_next_and_what_hinders(labelled: Project) -> None:
    first, tuning, distilling = three_stages(labelled, "first")
    assert first.done and tuning.title == "Fine-tune on your 4 labels"
    assert (tuning.hindrance, tuning.cost) == ("", "less than a minute")  # 4 labels, 60 epochs, 100 views a second
    assert distilling.hindrance.startswith("Fine-tune first")
    pretend(labelled, "tuned", FineTuneRequest(run="first").completed(labelled))
    pretend(labelled, "student", DistilRequest(teacher="tuned").completed(labelled))
    for run in ("first", "tuned", "student"):
        steps = three_stages(labelled, run)
        assert [step.run.run for step in steps if step.run] == ["first", "tuned", "student"]
        assert [step.hindrance for step in steps] == ["", "", ""]


def test_a_run_of_another_method_has_no_stages(labelled: Project) -> None:
    assert three_stages(labelled, "plain") == []


def test_a_fifth_of_each_class_is_left_out_once_there_are_enough() -> None:
    few, many = np.repeat([0, 1], [20, 19]), np.repeat([0, 1], [40, 20])
    assert len(choose_left_out(few, None, 0)) == 0
    assert np.bincount(many[choose_left_out(many, None, 0)]).tolist() == [8, 4]


def test_no_group_is_split_between_what_is_learnt_and_what_is_left_out() -> None:
    codes, groups = np.tile([0, 1], 60), np.repeat(np.arange(12), 10)
    left_out = choose_left_out(codes, groups, 0)
    assert 0 < len(left_out) < 60
    assert not set(groups[left_out]) & set(np.delete(groups, left_out))
    assert len(choose_left_out(codes, np.zeros(120, np.int64), 0)) == 0  # one group cannot be parted
