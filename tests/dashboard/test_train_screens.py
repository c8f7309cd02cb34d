"""Prior, Train, Jobs: what is chosen is remembered, what is started is watched, what runs can be stopped."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import reads
from dashboard.parts.forms import label_of
from dashboard.parts.live_run import _tone
from engine import files, jobs
from engine.errors import RunFailed
from engine.geometry.epochs import draw_epoch_maps, snapshot_path
from engine.images.table import read_table
from engine.jobs.advice import Situation, advise
from engine.jobs.record import Record, write_record
from engine.priors import PriorSpec
from engine.priors.choice import read_choice, save_choice
from engine.project import Project
from engine.run_folder import RunFolder
from engine.settings import Setting
from engine.train.judgement import judgement

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
    assert gallery.count("<figure>") == 12
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
def test_a_short_preset_says_calmly_what_it_is_for_and_only_a_short_training_of_ones_own_is_warned_of(
    open_screen: OpenScreen, project: Project
) -> None:
    app = open_screen("train", project)
    said = [text.value for text in app.caption]
    assert any("On this machine that is 1 step: " in text and "Standard takes longer" in text for text in said)
    assert not any("hardly anything is learnt" in text for text in said)
    epochs = next(
        one for one in app.number_input if str(one.key).startswith("training-quick-") and one.label == "Epochs"
    )
    epochs.set_value(2).run()
    said = [text.value for text in app.caption]
    assert any("The run has 2 steps in all; below 100 hardly anything is learnt." in text for text in said)
    assert not any("On this machine that is" in text for text in said)


@pytest.mark.usefixtures("known_speed")
def test_the_recommended_method_is_chosen_at_first(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("train", project)
    advised = advise(Situation(60), reads.catalogue()["methods"]).method
    assert app.button(key=f"method-choose-{advised}").label == "Chosen"


def test_without_a_job_the_jobs_screen_says_what_to_do(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("jobs", project)
    assert app.header[0].value == "Nothing has run yet"
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


@pytest.mark.usefixtures("known_speed")
def test_a_family_shows_its_own_methods_below_the_recommended_one(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("train", project)
    app.button_group(key="method-family").set_value("redundancy reduction").run()
    shown = {button.key for button in app.button if str(button.key).startswith("method-choose-")}
    assert shown == {"method-choose-byol", "method-choose-barlow_twins", "method-choose-vicreg"}


@pytest.mark.usefixtures("known_speed")
def test_pairs_are_left_out_for_a_method_that_has_no_use_for_them(
    open_screen: OpenScreen, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[jobs.TrainRequest] = []
    monkeypatch.setattr(jobs, "start", lambda project, request: started.append(request) or "train-1")
    save_choice(project, [PriorSpec("same_group", {"column": "slide"}), PriorSpec("augmentation")])
    app = open_screen("train", project)
    app.button_group(key="method-family").set_value("auto-encoding").run()
    app.button(key="method-choose-autoencoder").click().run()
    assert any("the pairs by same slide are left out" in caption.value for caption in app.caption)
    app.button(key="start").click().run()
    assert started[0].priors == (PriorSpec("augmentation"),)


def a_training(project: Project, run: str, losses: list[float], created: str = "2026-01-01T00:00:00+00:00") -> None:
    """A run's folder as a finished training leaves it."""
    folder = RunFolder.of(project, run)
    folder.root.mkdir(parents=True)
    request = {**jobs.TrainRequest().as_json(), "title": "SimCLR", "created": created}
    files.write_json(folder.request, request)
    write_record(folder, Record(state="done", queued=0.0, seconds=60.0, detail={"epoch": len(losses)}))
    points = [{"epoch": place + 1, "seconds": 10.0, "loss": loss, "trivial": 3.0} for place, loss in enumerate(losses)]
    files.write_text(folder.metrics, "".join(f"{json.dumps(point)}\n" for point in points))


@pytest.mark.usefixtures("known_speed")
def test_the_trainings_of_a_benchmark_stand_behind_those_of_a_person(open_screen: OpenScreen, project: Project) -> None:
    a_training(project, "train-simclr-1", [2.5, 2.0])
    a_training(project, "simclr-nano-4744db4e", [2.5, 2.0], created="2026-01-02T00:00:00+00:00")
    assert jobs.statuses(project)[0].run == "simclr-nano-4744db4e"  # the newest
    offered = next(one.options for one in open_screen("train", project).button_group if one.label == "Training")
    assert offered[2:] == ["train-simclr-1", "simclr-nano-4744db4e"]


@pytest.mark.usefixtures("known_speed")
def test_two_trainings_are_laid_over_each_other(open_screen: OpenScreen, project: Project) -> None:
    a_training(project, "train-simclr-1", [2.5, 2.0])
    a_training(project, "train-simclr-2", [2.4, 1.5])
    app = open_screen("train", project)
    app.session_state["note:watched run"] = "compare"
    app.run()
    assert sorted(app.multiselect(key="compared").value) == ["train-simclr-1", "train-simclr-2"]
    ends = app.dataframe[0].value
    assert dict(zip(ends["Training"], ends["Loss"], strict=True)) == {"train-simclr-1": 2.0, "train-simclr-2": 1.5}


@pytest.mark.usefixtures("known_speed")
def test_a_finished_training_shows_its_map_by_epoch(open_screen: OpenScreen, project: Project) -> None:
    a_training(project, "train-simclr-1", [2.5, 2.0])
    folder = RunFolder.of(project, "train-simclr-1")
    ids = read_table(project).ids[:20]
    files.write_json(folder.snapshots / "images.json", {"ids": [str(one) for one in ids]})
    for epoch in (0, 2):
        features = np.random.default_rng(epoch).normal(size=(20, 4)).astype(np.float32)
        files.write_array(snapshot_path(folder, epoch), features)
    draw_epoch_maps(folder, 0)
    app = open_screen("train", project)
    app.session_state["note:watched run"] = "train-simclr-1"
    app.run()
    assert any("How the map took shape" in text.value for text in app.markdown)
    figure = json.loads(app.get("plotly_chart")[-1].proto.spec)
    assert [frame["name"] for frame in figure["frames"]] == ["0", "2"]


def test_the_judgement_alarms_at_what_is_wrong_and_not_at_what_has_just_begun() -> None:
    guessing = {"loss": 6.1, "trivial": 6.1, "std_ratio": 0.9, "rankme": 20.0, "features": 256.0}
    assert [_tone(judgement(guessing, [6.1] * epochs)) for epochs in (1, 5)] == ["", "attention"]
