"""What is asked for is checked before anything starts, and comes back from JSON as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine import files, jobs
from engine.errors import (
    ColumnMissing,
    EmbeddingMissing,
    EngineError,
    NoImages,
    RunMissing,
    SettingInvalid,
    UnknownName,
    WeightsMissing,
)
from engine.jobs.request import from_json, with_whole_paths
from engine.jobs.stages import stages_of
from engine.priors import PriorSpec
from engine.project import Project, create_project
from engine.run_folder import RunFolder

REQUESTS = [
    jobs.TrainRequest(
        method="byol", priors=(PriorSpec("same_group", {"column": "patient"}),), training={"epochs": 3}, name="mine"
    ),
    jobs.EmbedRequest(encoder="nano", init="random", seed=4, map=""),
    jobs.MapRequest(embedding="e", seed=2),
    jobs.PrepareRequest(),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: one.kind)
def test_a_request_comes_back_from_json_as_it_was(request_: jobs.Request) -> None:
    assert from_json(json.loads(json.dumps(request_.as_json()))) == request_


@pytest.mark.parametrize(
    ("request_", "error", "says"),
    [
        (jobs.TrainRequest(method="simclear"), UnknownName, "simclr"),
        (jobs.TrainRequest(encoder="vgg"), UnknownName, "nano"),
        (jobs.TrainRequest(training={"epochs": 0}), SettingInvalid, "at least 1"),
        (jobs.TrainRequest(training={"epoch": 5}), UnknownName, "epoch"),
        (jobs.TrainRequest(method_settings={"temperature": -1}), SettingInvalid, "temperature"),
        (jobs.TrainRequest(priors=(PriorSpec("same_group", {"column": "ward"}),)), ColumnMissing, "patient"),
        (jobs.TrainRequest(init="no-such-run"), SettingInvalid, "no-such-run"),
        (jobs.TrainRequest(encoder="imagenet_lite0", training={"size": 16}), SettingInvalid, "at least 32"),
        (jobs.EmbedRequest(encoder="imagenet_lite0", size=16), SettingInvalid, "at least 32"),
        (jobs.TrainRequest(name="a/b"), SettingInvalid, "a/b"),
        (jobs.EmbedRequest(), SettingInvalid, "either a run or"),
        (jobs.EmbedRequest(run="r", encoder="nano"), SettingInvalid, "either a run or"),
        (jobs.EmbedRequest(run="no-such-run"), RunMissing, "no-such-run"),
        (jobs.EmbedRequest(encoder="nano", init="imagenet"), SettingInvalid, "random"),
        (jobs.EmbedRequest(encoder="nano", map="tsne"), UnknownName, "umap"),
        (jobs.MapRequest(embedding="none"), EmbeddingMissing, "none"),
    ],
)
def test_a_wrong_request_starts_nothing(
    project: Project, request_: jobs.Request, error: type[EngineError], says: str
) -> None:
    with pytest.raises(error, match=says):
        jobs.start(project, request_)
    assert jobs.statuses(project) == []


def test_nothing_is_trained_before_the_scan(images_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoImages, match="scan"):
        jobs.start(create_project(tmp_path / "p", images_folder), jobs.TrainRequest())


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ({"encoder": "imagenet_lite0"}, "imagenet_lite0"),
        ({"encoder": "nano"}, "nano-random"),
        ({"encoder": "imagenet_lite0", "init": "random"}, "imagenet_lite0-random"),
        ({"encoder": "torchvision:resnet50"}, "torchvision-resnet50"),
        ({"encoder": "nano", "init": "/weights/mine.pth.tar"}, "nano-mine"),
        ({"run": "train-simclr-1"}, "train-simclr-1"),
        ({"run": "train-simclr-1", "name": "mine"}, "mine"),
    ],
)
def test_an_embedding_is_named_for_what_made_it(wish: dict[str, Any], name: str) -> None:
    assert jobs.EmbedRequest(**wish).embedding == name


def test_faiss_torch_and_umap_each_have_a_stage_of_their_own() -> None:
    titles = [stage.title for stage in stages_of(jobs.EmbedRequest(encoder="nano"))]
    assert titles == ["Embedding", "Finding neighbours", "Drawing the map"]
    assert [stage.title for stage in stages_of(jobs.EmbedRequest(encoder="nano", map=""))] == titles[:2]


def test_a_file_of_weights_is_found_by_a_worker_in_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encoder.pt").touch()
    monkeypatch.chdir(tmp_path)
    whole = with_whole_paths(jobs.TrainRequest(init="./encoder.pt"))
    assert isinstance(whole, jobs.TrainRequest)
    assert whole.init == str((tmp_path / "encoder.pt").resolve())
    assert with_whole_paths(jobs.TrainRequest(init="a-run")) == jobs.TrainRequest(init="a-run")


def test_settings_that_a_run_would_override_are_refused(project: Project) -> None:
    folder = RunFolder.of(project, "trained")
    files.write_json(folder.request, {})
    files.write_text(folder.encoder, "weights")
    with pytest.raises(SettingInvalid, match="width"):
        jobs.TrainRequest(init="trained", encoder_settings={"width": 64}).check(project)


def test_a_path_without_a_file_is_said_before_anything_starts(project: Project) -> None:
    with pytest.raises(SettingInvalid, match=r"no file weights\.pth to start from"):
        jobs.TrainRequest(init="weights.pth").check(project)


def test_weights_that_are_not_here_are_fetched_only_when_asked(project: Project) -> None:
    request = jobs.TrainRequest(encoder="torchvision:resnet50", init="imagenet")
    with pytest.raises(WeightsMissing, match=r"103 MB \(--download\), or put https://\S+/resnet50-0676ba61\.pth into"):
        request.check(project)
    replace(request, download=True).check(project)


@pytest.mark.parametrize(
    ("init", "settings", "smallest"),
    [
        ("random", {}, 16),
        ("random", {"small_stem": "no"}, 32),
        ("imagenet", {}, 32),
        ("imagenet", {"small_stem": "yes"}, 16),
    ],
)
def test_an_image_may_be_as_small_as_the_stem_allows(
    project: Project, init: str, settings: dict[str, str], smallest: int
) -> None:
    request = jobs.TrainRequest(encoder="torchvision:densenet121", encoder_settings=settings, init=init, download=True)
    replace(request, training={"size": smallest}).check(project)
    if smallest > 16:
        with pytest.raises(SettingInvalid, match="at least 32 pixels"):
            replace(request, training={"size": 28}).check(project)


def test_a_method_for_one_encoder_says_which(project: Project) -> None:
    with pytest.raises(SettingInvalid, match="works with the encoder nano_vit only; “nano” was chosen"):
        jobs.TrainRequest(method="mae", encoder="nano").check(project)
    jobs.TrainRequest(method="mae", encoder="nano_vit").check(project)
