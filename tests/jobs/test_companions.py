"""A run by two processes: it trains to its end, and its companion ends with it."""

from dataclasses import replace

import psutil
import pytest

from engine import jobs
from engine.errors import SettingInvalid
from engine.jobs.tasks.companions import companions
from engine.project import Project
from engine.run_folder import RunFolder

TWO = jobs.TrainRequest(
    encoder_settings={"width": 8},
    training={"epochs": 2, "batch": 31, "size": 16, "processes": 2, "warmup_epochs": 0, "precision": "float32"},
    device="cpu",
    embed_after=False,
)


def test_two_processes_train_to_the_same_loss_as_one(project: Project) -> None:
    one = replace(TWO, training={**TWO.training, "processes": 1})
    runs = [jobs.start(project, request) for request in (TWO, one)]
    assert [jobs.wait(project, run).state for run in runs] == ["done", "done"]
    losses = [jobs.metrics(project, run)["epoch_loss"].dropna().tolist() for run in runs]
    assert losses[0] == pytest.approx(losses[1], rel=0.01) and len(losses[0]) == 2
    said = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert not [words for words in said if "companions" in words and str(project.root) in words]


def test_processes_share_a_cpu_only(project: Project) -> None:
    with pytest.raises(SettingInvalid, match="share a CPU"), companions(RunFolder.of(project, "run"), 2, "cuda"):
        pass
