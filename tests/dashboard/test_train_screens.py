"""Prior, Train, Jobs: what is chosen is remembered, what is started is watched, what runs can be stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import reads
from dashboard.parts.forms import label_of
from engine import jobs
from engine.errors import RunFailed
from engine.jobs.advice import Situation, advise
from engine.priors import PriorSpec
from engine.priors.choice import read_choice, save_choice
from engine.project import Project
from engine.settings import Setting

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def known_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that takes 1,000 views a second, so that no test waits for its measurement."""
    monkeypatch.setattr(
        jobs, "estimate", lambda project, request: jobs.Cost(120.0, 1000.0, "About 2 minutes on this machine.")
    )
    monkeypatch.setattr("engine.jobs.presets.estimate", jobs.estimate)


def test_a_prior_that_is_switched_on_is_remembered_in_the_project(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("prior", project)
    app.toggle(key="use-same_group").set_value(True).run()
    assert [spec.name for spec in read_choice(project)] == ["same_group", "augmentation"]
    assert read_choice(project)[0].settings["column"] == "patient"


def test_the_reach_of_a_prior_is_said_before_training(open_screen: OpenScreen, project: Project) -> None:
    save_choice(project, [PriorSpec("same_group", {"column": "patient"})])
    app = open_screen("prior", project)
    assert any("have a partner by “patient”" in text.value for text in app.markdown)


def test_pairs_are_shown_with_what_joins_them(open_screen: OpenScreen, project: Project) -> None:
    save_choice(project, [PriorSpec("same_group", {"column": "patient", "share": 1.0})])
    app = open_screen("prior", project)
    gallery = next(html.proto.body for html in app.get("html") if "class='pairs'" in html.proto.body)
    assert gallery.count("<figure>") == 15
    assert "patient " in gallery


@pytest.mark.usefixtures("known_speed")
def test_training_starts_from_the_chosen_method_pairs_and_preset(
    open_screen: OpenScreen, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[jobs.TrainRequest] = []

    def start(project: Project, request: jobs.TrainRequest) -> str:
        started.append(request)
        return "train-simclr-1"

    monkeypatch.setattr(jobs, "start", start)
    save_choice(project, [PriorSpec("same_group", {"column": "slide"})])
    app = open_screen("train", project)
    app.button_group(key="method-family").set_value("contrastive").run()
    app.button(key="method-choose-simclr").click().run()
    app.button_group(key="preset").set_value("standard").run()
    app.button(key="start").click().run()
    assert started[0].method == "simclr"
    assert started[0].priors == (PriorSpec("same_group", {"column": "slide"}),)
    assert started[0].config.epochs == 5  # of 120 s each, in the ten minutes of “standard”


def test_a_machine_that_cannot_be_measured_can_still_train(
    open_screen: OpenScreen, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(project: Project, request: jobs.TrainRequest) -> jobs.Cost:
        raise RunFailed("This machine's speed could not be measured. Train without an estimate.")

    monkeypatch.setattr(jobs, "estimate", fail)
    monkeypatch.setattr("engine.jobs.presets.estimate", fail)
    app = open_screen("train", project)
    assert [warning.value for warning in app.warning] == [
        "This machine's speed could not be measured. Train without an estimate."
    ]
    assert not app.button(key="start").disabled


@pytest.mark.usefixtures("known_speed")
def test_the_recommended_method_is_chosen_at_first(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("train", project)
    advised = advise(Situation(60), reads.catalogue()["methods"]).method
    assert app.button(key=f"method-choose-{advised}").label == "Chosen"


def test_without_a_job_the_jobs_screen_says_what_to_do(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("jobs", project)
    assert app.subheader[0].value == "Nothing has run yet"
    assert [button.label for button in app.button] == ["Start a training"]


def test_a_finished_job_is_listed_and_can_be_deleted(open_screen: OpenScreen, project: Project) -> None:
    run = jobs.start(project, jobs.PrepareRequest())
    jobs.wait(project, run)
    app = open_screen("jobs", project)
    assert any("Scan of the images" in text.value for text in app.markdown)
    app.button(key=f"delete-{run}").click().run()
    assert jobs.statuses(project) == []


def test_a_setting_is_labelled_with_its_symbol_and_unit() -> None:
    setting = Setting("learning_rate", "float", 0.1, "step size", symbol="η", unit="per step")
    assert label_of(setting) == "Learning rate (η, per step)"
