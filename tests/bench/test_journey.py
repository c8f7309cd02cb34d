"""A whole bench on the command line: trained, embedded, scored, shown; asked again, nothing is made twice."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine import jobs
from engine.bench import as_frame, load_results, start_bench
from engine.bench.table import as_text
from engine.jobs.bench_request import BenchRequest
from engine.jobs.request import from_json
from engine.project import Project, create_project, open_project

ROOT = Path(__file__).parents[2]


@dataclass
class Journey:
    project: Project
    truth: Path
    out: Path
    said: dict[str, Any]


@pytest.fixture(scope="module")
def journey(demo_material: Path, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """One training of one epoch, beside random weights and ImageNet features; on a folder that is no project yet."""
    out, truth = tmp_path_factory.mktemp("out"), demo_material / "truth.csv"
    words = ["benchmark", demo_material / "images", "--truth", truth, "--methods", "simclr", "--group", "patient"]
    words += ["--labels", "1,2", "--seeds", 2, "--epochs", 1, "--size", 16, "--set", "batch=30", "--name", "tiny"]
    command = [sys.executable, "-m", "engine", *map(str, words), "--out", str(out), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    from engine.home import project_folder_for

    return Journey(open_project(project_folder_for(demo_material / "images")), truth, out, json.loads(done.stdout))


def test_a_bench_has_a_row_of_the_training_and_its_two_nulls(journey: Journey) -> None:
    rows = [(row["method"], row["encoder"], row["init"]) for row in journey.said["rows"]]
    assert rows == [("", "nano", "random"), ("", "imagenet_lite0", "imagenet"), ("simclr", "nano", "random")]
    assert journey.said["skipped"] == []


def test_a_trained_row_says_what_it_took_and_what_it_must_beat(journey: Journey) -> None:
    null, _, trained = journey.said["rows"]
    assert trained["steps"] == 2
    assert trained["epochs"] == 1
    assert trained["train_seconds"] > 0
    assert trained["views_per_second"] > 0
    assert trained["neighbours_null"] == null["neighbours"]


def test_every_classifier_number_of_labels_and_fold_has_its_interval(journey: Journey) -> None:
    frame = as_frame(journey.said)
    assert len(frame) == 3 * 3 * 2 * 2
    assert (frame["low"] <= frame["balanced_accuracy"]).all()
    assert (frame["balanced_accuracy"] <= frame["high"]).all()


def test_the_result_is_written_as_csv_and_json(journey: Journey) -> None:
    assert len(pd.read_csv(journey.out / "tiny.csv")) == len(as_frame(journey.said))
    assert json.loads((journey.out / "tiny.json").read_text())["rows"] == journey.said["rows"]
    assert "Left out" not in as_text(journey.said)


def test_the_same_question_again_trains_and_embeds_nothing(journey: Journey) -> None:
    before = {path: path.stat().st_mtime_ns for path in journey.project.embeddings_folder.rglob("*.npy")}
    runs = {one.run for one in jobs.statuses(journey.project)}
    request = from_json(json.loads((journey.project.bench_folder("tiny") / "request.json").read_text()))
    assert isinstance(request, BenchRequest)
    again = start_bench(journey.project, request)
    assert jobs.wait(journey.project, again).state == "done"
    assert {one.run for one in jobs.statuses(journey.project)} == runs | {again}
    assert {path: path.stat().st_mtime_ns for path in journey.project.embeddings_folder.rglob("*.npy")} == before
    assert load_results(journey.project, "tiny")["rows"] == journey.said["rows"]


def test_the_truth_reaches_neither_labels_nor_training(journey: Journey) -> None:
    assert not journey.project.labels_path.exists()
    trained = journey.said["rows"][2]["run"]
    for path in journey.project.run_folder(trained).rglob("*.*"):
        assert b"truth" not in path.read_bytes(), path
    assert str(journey.truth) not in json.dumps(journey.said)


def test_a_bench_is_stopped_and_goes_on_where_it_was(
    images_folder: Path, demo_material: Path, tmp_path: Path, journey: Journey
) -> None:
    """Stopped while it waits for its first embedding, then resumed by asking the same again."""
    project = create_project(tmp_path / "second", images_folder)
    (project.table_path).write_bytes(journey.project.table_path.read_bytes())
    request = BenchRequest(truth=str(demo_material / "truth.csv"), labels=(1,), seeds=2, epochs=1, size=16, name="b")
    run = start_bench(project, request)
    jobs.stop_run(project, run)
    assert jobs.wait(project, run).state == "stopped"
    assert not [one for one in jobs.statuses(project) if one.active]
    assert start_bench(project, request) == run
    assert jobs.status(project, run).active
    jobs.stop_run(project, run)
    jobs.wait(project, run)
