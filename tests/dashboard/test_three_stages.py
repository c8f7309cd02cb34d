"""The three stages of SimCLR v2 on a run's page: what is done, what comes next, and what hinders it."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine import jobs
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.project import Project
from tests.dashboard.conftest import APP, SECONDS
from tests.jobs.earlier import label_two_classes, pretend


def open_run(project: Project, run: str) -> AppTest:
    """The Train screen with a run chosen."""
    st.cache_resource.clear()  # what one test has read, another's project must not see
    app = AppTest.from_file(APP, default_timeout=SECONDS)
    app.query_params["project"] = str(project.root)
    app.session_state["note:watched run"] = run
    app.switch_page("screens/train.py")
    return app.run()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[jobs.Request]:
    """What was asked to be started."""
    requests: list[jobs.Request] = []

    def start(project: Project, request: jobs.Request) -> str:
        requests.append(request)
        return "first"

    monkeypatch.setattr(jobs, "start", start)
    return requests


def test_without_labels_the_second_step_says_what_to_do(project: Project) -> None:
    pretend(project, "first", jobs.TrainRequest(method="simclr_v2"))
    app = open_run(project, "first")
    assert app.button(key="stage-start-2").disabled and app.button(key="stage-start-3").disabled
    assert any("Label one image of another class on the Label screen" in text.value for text in app.markdown)


def test_with_labels_fine_tuning_starts_and_the_student_after_it(project: Project, started: list[jobs.Request]) -> None:
    pretend(project, "first", jobs.TrainRequest(method="simclr_v2"))
    label_two_classes(project)
    app = open_run(project, "first")
    assert any("2 Fine-tune on your 4 labels" in text.value for text in app.markdown)
    app.button(key="stage-start-2").click().run()
    pretend(project, "tuned", FineTuneRequest(run="first").completed(project))
    open_run(project, "tuned").button(key="stage-start-3").click().run()
    assert started == [FineTuneRequest(run="first"), DistilRequest(teacher="tuned")]


def test_runs_of_other_methods_have_no_steps(project: Project) -> None:
    pretend(project, "plain", jobs.TrainRequest(method="simclr"))
    app = open_run(project, "plain")
    assert not [button for button in app.button if str(button.key).startswith("stage-start")]
