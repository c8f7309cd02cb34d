"""The whole job on the command line, from a folder of images to an exported file: nothing but `python -m engine`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
LABELS_PER_CLASS = 2


def engine(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own, which must end with `code`."""
    command = [sys.executable, "-m", "engine", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == code, f"{' '.join(command[2:])}: {done.stderr or done.stdout}"
    return done


def answer(*words: object) -> Any:
    """What one command prints with --json: exactly one JSON value."""
    return json.loads(engine(*words, "--json").stdout)


@dataclass
class Journey:
    project: Path
    truth: Path
    answers: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def journey(demo_material: Path, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """Every command once, in the order of the work."""
    folder = tmp_path_factory.mktemp("journey")
    project, truth = folder / "project", demo_material / "truth.csv"
    trip = Journey(project, truth)
    say = trip.answers
    say["init"] = answer("init", project, "--images", demo_material / "images")
    training = ("--method", "simclr", "--prior", "same_group:patient", "--encoder", "nano", "--epochs", 2)
    say["train"] = answer("train", project, *training, "--set", "size=32", "--set", "batch=16", "--wait")
    run = say["train"]["run"]
    say["embed"] = answer("embed", project, "--run", run, "--name", "trained")
    say["map"] = answer("map", project, "--embedding", "trained")
    say["suggest"] = answer("suggest", project, "--embedding", "trained", "--strategy", "typiclust", "--count", 6)
    known = pd.read_csv(truth)
    chosen = known.groupby("label").head(LABELS_PER_CLASS)
    chosen.to_csv(folder / "support.csv", index=False)
    say["label"] = answer("label", project, "--from", folder / "support.csv")
    say["propagate"] = answer("propagate", project, "--embedding", "trained", "--accept", 0.5)
    say["classify"] = answer("classify", project, "--embedding", "trained")
    known_classes = ("--truth", truth, "--ways", 2, "--shots", "1,3", "--queries", 4, "--episodes", 5)
    say["episodes"] = answer("episodes", project, "--embedding", "trained", *known_classes, "--method", "knn,auto")
    say["evaluate"] = answer("evaluate", project, "--truth", truth, "--column", "label", "--embedding", "trained")
    say["export"] = answer("export", project, "--format", "csv", "--out", folder / "labels.csv")
    say["runs"] = answer("runs", project)
    return trip


def test_init_reads_every_image_and_the_columns_in_its_name(journey: Journey) -> None:
    assert journey.answers["init"]["images"] == 60
    assert journey.answers["init"]["bad"] == []


def test_train_names_its_run_and_its_end(journey: Journey) -> None:
    assert journey.answers["train"]["status"] == "done"
    assert journey.answers["train"]["run"] in [run["run"] for run in journey.answers["runs"]]


def test_suggestions_are_distinct_images_with_a_reason(journey: Journey) -> None:
    suggestions = journey.answers["suggest"]
    assert len({one["id"] for one in suggestions}) == 6
    assert all(one["reason"] and one["path"] for one in suggestions)


def test_labels_come_from_the_file(journey: Journey) -> None:
    classes = pd.read_csv(journey.truth)["label"].nunique()
    assert journey.answers["label"]["labelled"] == LABELS_PER_CLASS * classes


def test_classify_answers_every_image_and_says_why(journey: Journey) -> None:
    answers = journey.answers["classify"]
    assert answers["answered"] == answers["images"] == 60
    assert "label spreading" in answers["why"]


def test_episodes_score_every_method_at_every_number_of_labels(journey: Journey) -> None:
    scores = journey.answers["episodes"]
    assert [(one["method"], one["shots"]) for one in scores] == [("knn", 1), ("auto", 1), ("knn", 3), ("auto", 3)]
    assert all(0 <= one["accuracy"] <= 1 and one["chance"] == 0.5 for one in scores)


def test_evaluate_scores_the_images_that_nobody_labelled(journey: Journey) -> None:
    scores = journey.answers["evaluate"]
    assert scores["images"] == 60 - journey.answers["label"]["labelled"]
    assert sum(map(sum, scores["confusion"])) + scores["unanswered"] == scores["images"]
    assert 0 <= scores["balanced_accuracy"] <= 1


def test_the_export_holds_hand_labels_and_accepted_ones(journey: Journey) -> None:
    exported = pd.read_csv(journey.project.parent / "labels.csv")
    assert (exported["how"] == "accepted").sum() == journey.answers["propagate"]["accepted"]
    assert (exported["how"] != "accepted").sum() == journey.answers["label"]["labelled"]


def test_the_export_read_into_a_second_project_gives_the_same_labels(journey: Journey, tmp_path: Path) -> None:
    engine(
        "init", tmp_path / "second", "--images", json.loads((journey.project / "project.json").read_text())["images"]
    )
    engine("label", tmp_path / "second", "--from", journey.project.parent / "labels.csv")
    engine("export", tmp_path / "second", "--format", "csv", "--out", tmp_path / "again.csv")
    first, again = (pd.read_csv(path) for path in (journey.project.parent / "labels.csv", tmp_path / "again.csv"))
    assert dict(zip(first["path"], first["class"], strict=True)) == dict(
        zip(again["path"], again["class"], strict=True)
    )


def test_the_truth_reaches_no_file_of_the_project(journey: Journey) -> None:
    """Evaluation labels must not leak: the log knows just the support, and nothing else holds the truth's path."""
    for path in journey.project.rglob("*.json"):
        assert "truth.csv" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["scan", "nowhere"], "no project"),
        (["train", "{project}", "--method", "simclrr"], "Did you mean simclr"),
        (["train", "{project}", "--set", "epochs=many"], "whole number"),
        (["embed", "{project}", "--run", "nothing"], "nothing"),
        (["propagate", "{project}", "--embedding", "nothing"], "nothing"),
        (["classify", "{project}", "--embedding", "trained", "--method", "protype"], "Did you mean prototype"),
        (["init", "{project}", "--images", "{images}"], "already holds a project"),
    ],
)
def test_a_users_error_is_one_sentence_and_exit_code_1(
    words: list[str], hint: str, journey: Journey, images_folder: Path
) -> None:
    filled = [word.format(project=journey.project, images=images_folder) for word in words]
    done = engine(*filled, code=1)
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_bad_usage_is_exit_code_2() -> None:
    engine("train", code=2)


@pytest.mark.parametrize(
    "kind", ["methods", "priors", "encoders", "strategies", "classifiers", "propagations", "exports"]
)
def test_a_list_of_parts_names_titles_and_settings(kind: str) -> None:
    for card in answer(kind):
        assert card["name"] and card["title"]
        assert all(setting["help"] for setting in card["settings"])
