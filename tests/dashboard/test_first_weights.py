"""The Train screen's encoder and first weights: any torchvision network, a file of the user, a download if asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import jobs
from engine.project import Project

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def train_screen(open_screen: OpenScreen, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    """The Train screen on a machine of known speed, without any weights fetched."""
    monkeypatch.setattr(jobs, "estimate", lambda project, request: jobs.Cost(120.0, 1000.0, "About 2 minutes."))
    monkeypatch.setattr("engine.jobs.presets.estimate", jobs.estimate)
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path / "home"))
    return open_screen("train", project)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[jobs.TrainRequest]:
    """The requests that were started, after the engine had checked them."""
    requests: list[jobs.TrainRequest] = []

    def start(project: Project, request: jobs.TrainRequest) -> str:
        request.check(project)
        requests.append(request)
        return "train-1"

    monkeypatch.setattr(jobs, "start", start)
    return requests


def choose(app: AppTest, label: str, value: str) -> AppTest:
    return next(box for box in app.selectbox if box.label == label).set_value(value).run()


def press_start(app: AppTest) -> AppTest:
    return app.button(key="start").click().run()


def test_another_architecture_is_found_by_name(train_screen: AppTest, started: list[jobs.TrainRequest]) -> None:
    app = choose(train_screen, "Encoder", "another")
    app = press_start(choose(app, "Architecture", "torchvision:regnet_y_400mf"))
    assert [(one.encoder, one.init) for one in started] == [("torchvision:regnet_y_400mf", "random")]


def test_a_download_is_made_only_where_its_box_was_ticked(
    train_screen: AppTest, started: list[jobs.TrainRequest]
) -> None:
    app = choose(train_screen, "Encoder", "torchvision:resnet18")
    app = choose(app, "First weights", "imagenet")
    box = next(box for box in app.checkbox if "Download" in box.label)
    assert box.label == "Download 47 MB from download.pytorch.org" and box.value is False
    assert any("are not on this machine" in warning.value for warning in press_start(app).warning)
    assert started == []
    press_start(next(box for box in app.checkbox if "Download" in box.label).check().run())
    assert [(one.init, one.download) for one in started] == [("imagenet", True)]


def test_training_starts_from_a_file(train_screen: AppTest, started: list[jobs.TrainRequest], tmp_path: Path) -> None:
    (tmp_path / "mine.pth").write_bytes(b"weights")
    app = choose(train_screen, "First weights", "file")
    app = (
        next(field for field in app.text_input if "checkpoint" in field.label)
        .set_value(str(tmp_path / "mine.pth"))
        .run()
    )
    press_start(app)
    assert [one.init for one in started] == [str(tmp_path / "mine.pth")]


@pytest.mark.parametrize(("path", "said"), [("", "nothing to start from"), ("/etc/passwd", "lies outside")])
def test_a_file_that_may_not_be_read_starts_nothing(
    path: str, said: str, train_screen: AppTest, started: list[jobs.TrainRequest]
) -> None:
    app = choose(train_screen, "First weights", "file")
    app = next(field for field in app.text_input if "checkpoint" in field.label).set_value(path).run()
    app = press_start(app)
    assert any(said in warning.value for warning in app.warning) and started == []


def test_an_embedding_is_made_with_weights_that_are_downloaded_first(
    open_screen: OpenScreen, labelled: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path / "home"))
    asked: list[jobs.EmbedRequest] = []
    monkeypatch.setattr("dashboard.parts.new_embedding.start", lambda project, request: asked.append(request))
    app = open_screen("explore", labelled)
    app = choose(choose(app, "Made by", "Another network, or a file of mine …"), "Encoder", "torchvision:resnet18")
    app = choose(app, "First weights", "file")
    assert app.button(key="make-embedding").disabled
    app = choose(app, "First weights", "imagenet")
    app = next(box for box in app.checkbox if "Download" in box.label).check().run()
    app.button(key="make-embedding").click().run()
    assert [(one.encoder, one.init, one.download) for one in asked] == [("torchvision:resnet18", "imagenet", True)]
