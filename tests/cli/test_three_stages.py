"""SimCLR v2 from all images to a student, on the command line: label, finetune, distil."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch

from engine import jobs
from engine.cli import main
from engine.project import Project, open_project
from engine.run_folder import RunFolder
from engine.train.checkpoint import load_checkpoint

TINY = {"size": 16, "batch": 20, "epochs": 1}


@dataclass
class Stages:
    project: Project
    labels: pd.DataFrame
    answers: dict[str, Any] = field(default_factory=dict)

    def kept(self, run: str) -> dict[str, Any]:
        return load_checkpoint(RunFolder.of(self.project, run).encoder)


@pytest.fixture(scope="module")
def stages(prepared_project: Project, demo_material: Path, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """A run of SimCLR v2, labels from a file, then both commands, each to its end."""
    root = tmp_path_factory.mktemp("stages") / "project"
    trip = Stages(open_project(shutil.copytree(prepared_project.root, root)), pd.read_csv(demo_material / "truth.csv"))
    trip.labels = trip.labels.groupby("label").head(3)
    trip.labels.to_csv(root / "support.csv", index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        narrow = {"hidden": 16, "width": 8}
        wish = jobs.TrainRequest("simclr_v2", narrow, encoder_settings={"width": 16}, training=TINY, embed_after=False)
        first = jobs.start(trip.project, wish)
        jobs.wait(trip.project, first)
        finetune = ("finetune", root, "--run", first, "--epochs", 8, "--set", "learning_rate=0.01")
        distil = (
            "distil",
            root,
            "--teacher",
            "finetune-1",
            "--encoder",
            "nano",
            "--set",
            "width=8",
            "--set",
            "distillation.temperature=2",
        )
        for words in (("label", root, "--from", root / "support.csv"), finetune, (*distil, "--epochs", 1)):
            ends = () if words[0] == "label" else ("--no-embed", "--wait")
            patch.setattr(sys, "argv", ["engine", *map(str, (*words, *ends)), "--json"])
            trip.answers[words[0]] = _printed(patch)
    return trip


def _printed(patch: pytest.MonkeyPatch) -> Any:
    """What the command in sys.argv prints, as its one JSON value."""
    lines: list[str] = []
    patch.setattr("builtins.print", lambda *words, **_: lines.append(" ".join(map(str, words))))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0, lines
    (line,) = lines
    return json.loads(line)


def test_each_command_names_its_run_and_its_end(stages: Stages) -> None:
    ends = {words: (answer["run"], answer["status"]) for words, answer in stages.answers.items() if words != "label"}
    assert ends == {"finetune": ("finetune-1", "done"), "distil": ("distil-1", "done")}


def test_the_classes_are_those_of_the_labels(stages: Stages) -> None:
    named = set(stages.labels["label"])
    assert set(stages.kept("finetune-1")["keeps"]["classes"]) == named
    assert stages.kept("distil-1")["keeps"]["classes"] == stages.kept("finetune-1")["keeps"]["classes"]


def test_fine_tuning_changes_the_network_from_inside_its_head(stages: Stages) -> None:
    before, after = stages.kept("train-simclr_v2-1"), stages.kept("finetune-1")
    assert after["keeps"]["head"]["widths"] == before["keeps"]["projector"]["widths"][:2]
    assert not torch.equal(
        after["keeps"]["head"]["weights"]["0.weight"], before["keeps"]["projector"]["weights"]["0.weight"]
    )


def test_the_student_may_be_smaller_and_can_be_embedded_like_any_run(stages: Stages) -> None:
    assert stages.kept("distil-1")["settings"]["width"] == 8
    jobs.EmbedRequest(run="distil-1").check(stages.project)


def test_the_run_says_in_words_what_it_has_learnt(stages: Stages) -> None:
    assert "of the labelled images it learns from" in stages.answers["finetune"]["detail"]["judgement"]
    assert "the class its teacher gives them" in stages.answers["distil"]["detail"]["judgement"]
