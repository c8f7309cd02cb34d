"""What a training costs: measured once, remembered, and what the presets make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import jobs
from engine.errors import RunFailed
from engine.images.table import read_table
from engine.jobs.cost import say_duration
from engine.project import Project

WISH = jobs.TrainRequest(training={"epochs": 10, "size": 16, "batch": 16})


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_a_cost_is_measured_once_and_then_known_at_once(project: Project) -> None:
    assert jobs.known_cost(project, WISH) is None
    cost = jobs.estimate(project, WISH)
    assert jobs.known_cost(project, WISH) == cost
    assert cost.seconds == pytest.approx(len(read_table(project)) * 10 * 2 / cost.views_per_second)
    assert "views a second" in cost.sentence


def test_presets_fit_epochs_to_the_time(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def estimate(project: Project, request: jobs.TrainRequest) -> jobs.Cost:
        assert request.config.epochs == 1
        return jobs.Cost(3.0, 40.0, "")

    monkeypatch.setattr("engine.jobs.presets.estimate", estimate)
    epochs = {name: jobs.preset_request(project, name).config.epochs for name in jobs.PRESETS}
    assert epochs == {"quick": 40, "standard": 200, "thorough": 400}  # 2 minutes, 10 minutes, the most that helps


def test_a_machine_too_busy_to_measure_is_told_in_a_sentence(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.jobs.cost.MEASURING_SECONDS", 0.01)
    with pytest.raises(RunFailed, match="as it is busy"):
        jobs.estimate(project, WISH)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "less than a minute"),
        (70, "about a minute"),
        (600, "about 10 minutes"),
        (7200, "about 2.0 hours"),
        (72_000, "about 20 hours"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert say_duration(seconds) == said


def test_the_machine_says_plainly_what_it_computes_with() -> None:
    found = jobs.hardware()
    assert found.device in ("cpu", "cuda", "mps")
    assert ("CPU" in found.sentence) == (found.device == "cpu")
    assert 0 < found.memory_used <= found.memory_total
