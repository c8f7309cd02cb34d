"""What a reader makes of a run's folder, whatever state it was left in."""

from __future__ import annotations

import platform
import time
from dataclasses import replace

import pytest

from engine import files, jobs
from engine.errors import RunFailed, RunMissing
from engine.jobs.process import Identity, claim, identify
from engine.jobs.record import Record, write_record
from engine.project import Project
from engine.run_folder import RunFolder

RUNNING = Record(
    state="running", queued=0, stage="Training", done=30, total=120, seconds=60, seconds_left=180, started=1, updated=0
)


def make_run(
    project: Project, run: str, record: Record, worker: Identity | None, created: str = "2026-01-01"
) -> RunFolder:
    folder = RunFolder.of(project, run)
    files.write_json(folder.request, {"kind": "train", "title": "A training", "created": created})
    write_record(folder, record)
    if worker:
        claim(folder, worker)
    return folder


def test_time_goes_on_between_two_words_of_a_living_worker(project: Project) -> None:
    make_run(project, "r", replace(RUNNING, updated=time.time() - 10), identify())
    now = jobs.status(project, "r")
    assert (now.state, now.fraction) == ("running", 0.25)
    assert now.seconds == pytest.approx(70, abs=2)
    assert now.seconds_left == pytest.approx(170, abs=2)


def test_a_run_whose_worker_is_gone_is_interrupted(project: Project) -> None:
    here = identify()
    make_run(
        project, "r", RUNNING, Identity(here.pid, here.began - 100, here.host)
    )  # the number lives, the process not
    now = jobs.status(project, "r")
    assert (now.state, now.seconds_left, now.resumable) == ("interrupted", None, True)
    with pytest.raises(RunFailed, match="Resume it"):
        jobs.wait(project, "r")


def test_a_run_is_given_time_to_wake_up(project: Project) -> None:
    make_run(project, "r", replace(RUNNING, state="queued"), None)
    assert jobs.status(project, "r").state == "queued"


def test_a_worker_on_another_machine_is_judged_by_its_heartbeat(project: Project) -> None:
    make_run(project, "r", RUNNING, Identity(1, 0.0, platform.node() + "-other"))
    assert jobs.status(project, "r").state == "running"


def test_runs_are_listed_newest_first_without_what_is_no_run(project: Project) -> None:
    for day in (2, 3, 1):
        make_run(project, f"r{day}", replace(RUNNING, state="done"), None, created=f"2026-01-0{day}")
    (project.runs_folder / "half deleted").mkdir()
    files.write_text(project.runs_folder / "damaged" / "request.json", "{")
    assert [one.run for one in jobs.statuses(project)] == ["r3", "r2", "r1"]


def test_a_curve_whose_last_line_is_half_written_is_read_up_to_it(project: Project) -> None:
    folder = make_run(project, "r", RUNNING, identify())
    assert jobs.metrics(project, "r").empty
    folder.metrics.write_text('{"step": 1, "loss": 2.5}\n{"step": 2, "lo')
    assert jobs.metrics(project, "r")["loss"].tolist() == [2.5]


def test_a_run_that_does_not_exist_is_an_error_in_words(project: Project) -> None:
    for read in (jobs.status, jobs.log, jobs.metrics, jobs.stop_run, jobs.delete_run):
        with pytest.raises(RunMissing, match="no run “r”"):
            read(project, "r")
