"""What can be done about a job, each as a button: watch it, stop it, go on with it, delete it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboard import state
from dashboard.parts.committing import commit_button
from engine import jobs
from engine.jobs.request import Request
from engine.project import Project

WATCHED = "watched run"  # state note: the training that the Train screen shows


@dataclass(frozen=True)
class Action:
    """What can be done about a job of a project, by the job's run."""

    label: str
    icon: str  # as Streamlit writes it
    work: Callable[[Project, str], str | None]
    then: str = ""  # screen to turn to


def job_button(project: Project, run: str, action: str, **look: Any) -> None:
    """Draw the button of an action, one of ACTIONS; `look` as for `st.button`, its key `<action>-<run>` at first."""
    one = ACTIONS[action]
    usual = {"icon": one.icon, "type": "tertiary", "key": f"{action}-{run}"}
    label = look.pop("label", one.label)
    commit_button(label, partial(one.work, project, run), then=one.then, **usual | look)


def start_job(project: Project, request: Request) -> None:
    """Start a job, as a commit: what is known of it stands on the strip."""
    jobs.start(project, request)


def _watch(project: Project, run: str) -> None:
    state.set_value(WATCHED, run)


def _stop(project: Project, run: str) -> str:
    jobs.stop_run(project, run)
    return f"{run} saves where it is and stops."


def _resume(project: Project, run: str) -> None:
    jobs.resume_run(project, run)


def _delete(project: Project, run: str) -> str:
    jobs.delete_run(project, run)
    return f"{run} is deleted."


ACTIONS = {
    "watch": Action("Watch", ":material/monitoring:", _watch, "train"),
    "stop": Action("Stop", ":material/stop_circle:", _stop),
    "resume": Action("Resume", ":material/play_circle:", _resume),
    "delete": Action("Delete", ":material/delete:", _delete),
}
