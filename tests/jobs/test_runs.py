"""Real runs in real processes: training, stopping, killing, queueing, embedding, failing, vanishing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine import jobs
from engine.demo import make_demo
from engine.errors import RunActive, RunFailed, RunMissing
from engine.images.prepare import prepare
from engine.jobs.process import worker_of
from engine.project import Project, create_project
from engine.run_folder import RunFolder

SHORT = {"size": 16, "batch": 18, "epochs": 1}
LONG = {"size": 16, "batch": 6, "epochs": 14, "warmup_epochs": 2}  # 84 steps: time to stop and to kill it
ENDLESS = {**LONG, "epochs": 9999}
LIMIT = 120.0  # seconds any wait may take on a busy machine


def tiny(settings: dict[str, float], **wishes: object) -> jobs.TrainRequest:
    return jobs.TrainRequest(training=settings, **{"embed_after": False, **wishes})  # type: ignore[arg-type]


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    limit = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < limit, "it did not come"
        time.sleep(0.02)


def steps(project: Project, run: str) -> int:
    """Steps of training taken so far."""
    now = jobs.status(project, run)
    return now.done if now.stage == "Training" else 0


def pid_of(project: Project, run: str) -> int:
    worker = worker_of(RunFolder.of(project, run))
    assert worker is not None
    return worker.pid


def kill(project: Project, run: str) -> None:
    """kill -9 of the worker, as when the memory runs out."""
    process = psutil.Process(pid_of(project, run))
    process.kill()
    until(lambda: not psutil.pid_exists(process.pid))


def encoder_of(project: Project, run: str) -> dict[str, np.ndarray]:
    from engine.train.checkpoint import load_checkpoint

    weights = load_checkpoint(RunFolder.of(project, run).encoder)["weights"]
    return {name: value.float().numpy() for name, value in weights.items()}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Workers take one thread: for images this small more only wait for each other, endlessly on a busy machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="module")
def tiny_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """36 images; the runs of this file share it."""
    root = tmp_path_factory.mktemp("runs")
    make_demo(root / "material", count=36, seed=5)
    project = create_project(root / "project", root / "material" / "images")
    prepare(project)
    yield project
    for one in jobs.statuses(project):  # what a failed test left behind
        if one.active:
            kill(project, one.run)


@dataclass
class Disturbed:
    """One training that was stopped, resumed, killed and resumed, and another that nobody disturbed."""

    project: Project
    run: str = "disturbed"
    calm: str = "calm"
    states: list[jobs.Status] = field(default_factory=list)


@pytest.fixture(scope="module")
def disturbed(tiny_project: Project) -> Disturbed:
    both = Disturbed(tiny_project)
    project, run = tiny_project, both.run
    jobs.start(project, tiny(LONG, name=both.calm))
    jobs.start(project, tiny(LONG, name=run))  # waits until the first has ended
    both.states.append(jobs.status(project, run))
    jobs.wait(project, both.calm)

    until(lambda: steps(project, run) > 3)
    jobs.stop_run(project, run)
    both.states.append(jobs.wait(project, run))

    jobs.resume_run(project, run)
    stopped_at = both.states[-1].done
    until(lambda: steps(project, run) > stopped_at + 5)
    kill(project, run)
    both.states.append(jobs.status(project, run))

    jobs.resume_run(project, run)
    both.states.append(jobs.wait(project, run))
    return both


def test_a_stopped_run_says_so_and_can_be_resumed(disturbed: Disturbed) -> None:
    stopped = disturbed.states[1]
    assert (stopped.state, stopped.resumable, stopped.active) == ("stopped", True, False)
    assert 3 < stopped.done < stopped.total


def test_a_killed_run_is_called_interrupted_at_once(disturbed: Disturbed) -> None:
    killed = disturbed.states[2]
    assert (killed.state, killed.resumable) == ("interrupted", True)
    assert "Resume" in killed.error


def test_a_resumed_run_ends_bit_equal_to_one_that_nobody_disturbed(disturbed: Disturbed) -> None:
    assert disturbed.states[3].state == "done"
    calm, other = (encoder_of(disturbed.project, run) for run in (disturbed.calm, disturbed.run))
    assert calm.keys() == other.keys()
    for name, weights in calm.items():
        assert np.array_equal(weights, other[name]), name


def test_the_curves_of_a_resumed_run_have_each_step_once(disturbed: Disturbed) -> None:
    curve = jobs.metrics(disturbed.project, disturbed.run)
    assert curve["step"].is_monotonic_increasing
    assert curve["step"].is_unique
    assert curve["step"].iloc[-1] == disturbed.states[3].total == 84
    assert curve["rankme"].notna().sum() == 14  # one at the end of each epoch
    assert (curve["views_per_second"] > 0).all()


def test_a_run_tells_what_it_saw_and_how_it_stands(disturbed: Disturbed) -> None:
    project, run = disturbed.project, disturbed.run
    picture = jobs.views_sample(project, run)
    assert picture is not None
    assert picture[8:12] == b"WEBP"
    done = disturbed.states[3]
    assert jobs.latest_judgement(project, run) == done.detail["judgement"]
    assert done.detail["epoch"] == 14
    assert done.device == jobs.hardware().device
    assert "Training (process" in jobs.log(project, run)


def test_a_run_that_is_done_is_not_resumed(disturbed: Disturbed) -> None:
    with pytest.raises(RunActive, match="has ended"):
        jobs.resume_run(disturbed.project, disturbed.calm)


def test_embedding_a_run_gives_vectors_neighbours_and_a_map(disturbed: Disturbed) -> None:
    from engine.embeddings import load_embedding
    from engine.geometry.atlas import load_map
    from engine.geometry.neighbours import load_graph

    project = disturbed.project
    run = jobs.start(project, jobs.EmbedRequest(run=disturbed.run, map="pca"))
    with pytest.raises(RunActive, match="at work already"):
        jobs.start(project, jobs.EmbedRequest(run=disturbed.run, map="pca"))
    seen = set()
    until(lambda: seen.add(jobs.status(project, run).stage) or not jobs.status(project, run).active)  # type: ignore[func-returns-value]
    assert jobs.wait(project, run).state == "done"
    assert {"Embedding", "Drawing the map"} <= seen
    embedding = load_embedding(project, disturbed.run)
    assert embedding.vectors.shape == (36, 256)
    assert embedding.stale == ""
    assert load_graph(project, disturbed.run).indices.shape[0] == 36
    assert load_map(project, disturbed.run, "pca").shape == (36, 2)


def test_trainings_wait_in_order_without_torch_and_a_dead_one_blocks_nobody(tiny_project: Project) -> None:
    project = tiny_project
    first, dead, last = (jobs.start(project, tiny(settings)) for settings in (ENDLESS, SHORT, SHORT))
    until(lambda: steps(project, first) > 0)
    until(lambda: jobs.status(project, last).detail.get("ahead") == 2)
    assert jobs.status(project, last).message == "Waiting for 2 other runs"
    assert not [one.path for one in psutil.Process(pid_of(project, last)).memory_maps() if "libtorch" in one.path]
    kill(project, dead)
    jobs.stop_run(project, first)
    assert jobs.wait(project, first).state == "stopped"
    assert jobs.wait(project, last).state == "done"
    assert jobs.status(project, dead).state == "interrupted"
    jobs.delete_run(project, dead)
    with pytest.raises(RunMissing):
        jobs.status(project, dead)


def test_a_run_at_work_is_not_deleted(tiny_project: Project) -> None:
    run = jobs.start(tiny_project, jobs.PrepareRequest())
    with pytest.raises(RunActive, match="Stop it first"):
        jobs.delete_run(tiny_project, run)
    done = jobs.wait(tiny_project, run)
    assert (done.state, done.detail["images"], done.detail["bad"]) == ("done", 36, 0)


def test_a_failed_run_says_why_in_a_sentence_and_in_the_log(project: Project, tmp_path: Path) -> None:
    moved = shutil.copytree(project.images, tmp_path / "gone")
    lost = create_project(tmp_path / "lost", moved)
    prepare(lost)
    shutil.rmtree(moved)
    run = jobs.start(lost, tiny(SHORT))
    with pytest.raises(RunFailed, match=run):
        jobs.wait(lost, run)
    failed = jobs.status(lost, run)
    assert (failed.state, failed.resumable) == ("failed", True)
    assert failed.error.endswith(".")
    assert failed.error in jobs.log(lost, run)
    assert "Traceback" not in jobs.log(lost, run)


def test_deleting_the_project_under_a_run_ends_its_worker_and_hurts_no_reader(project: Project, tmp_path: Path) -> None:
    run = jobs.start(project, tiny(ENDLESS))
    pid = pid_of(project, run)
    until(lambda: steps(project, run) > 0)
    shutil.rmtree(project.root.rename(tmp_path / "thrown away"))
    assert jobs.statuses(project) == []
    with pytest.raises(RunMissing):
        jobs.metrics(project, run)
    until(lambda: not psutil.pid_exists(pid))
    assert not project.root.exists()
