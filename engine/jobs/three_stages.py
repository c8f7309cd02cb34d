"""Where a run stands among the three stages of SimCLR v2, what the next one would be, and what hinders it. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine import files
from engine.errors import EngineError, TooFewLabels
from engine.images.table import read_table
from engine.jobs.cost import say_duration
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest, labelled_classes
from engine.jobs.status import Status, statuses
from engine.project import Project
from engine.run_folder import RunFolder

TEACHER = 4 / 3  # a step with a teacher's forward pass beside it, over one without

StageRequest: TypeAlias = FineTuneRequest | DistilRequest


@dataclass(frozen=True)
class StageStep:
    """One of the three stages."""

    title: str
    text: str  # why one does it, in a sentence
    run: Status | None = None  # the newest run of it
    request: StageRequest | None = None  # what starts it (again), where it can be started from here
    hindrance: str = ""  # why it cannot be started now, in a sentence
    cost: str = ""  # as in “about 3 minutes”; "" where unknown

    @property
    def done(self) -> bool:
        return self.run is not None and self.run.state == "done"


def three_stages(project: Project, run: str) -> list[StageStep]:
    """The stages that a run is part of; none for a run that is not of SimCLR v2."""
    runs = {one.run: (one, _request(project, one.run)) for one in statuses(project)}
    first, second, third = _line(runs, run)
    if not first:
        return []
    learnt, tuned = runs[first][0], runs[second][0] if second else None
    return [
        StageStep("Learn from all images", "No labels: views of one image attract, all others repel.", learnt),
        _fine_tuning(project, learnt, tuned),
        _distillation(project, learnt, tuned, runs[third][0] if third else None),
    ]


def _fine_tuning(project: Project, learnt: Status, tuned: Status | None) -> StageStep:
    request = FineTuneRequest(run=learnt.run)
    try:
        labels = sum(labelled_classes(project).values())
    except TooFewLabels:
        labels = 0
    return StageStep(
        f"Fine-tune on your {labels:,} labels" if labels else "Fine-tune on your labels",
        "The network learns your classes from inside its head: what was learnt from all images stays.",
        tuned,
        request,
        _hindrance(project, request, learnt, "The first stage has not ended yet."),
        _cost(learnt, labels * request.config.epochs) if labels else "",
    )


def _distillation(project: Project, learnt: Status, tuned: Status | None, student: Status | None) -> StageStep:
    request = DistilRequest(teacher=tuned.run if tuned else "")
    views = round(len(read_table(project)) * request.config.epochs * TEACHER)
    waiting = "Fine-tune first: a student needs a teacher that knows your classes."
    return StageStep(
        "Distil into a student",
        "A student learns the teacher's answers on all images, labelled or not; it may be a smaller network.",
        student,
        request,
        _hindrance(project, request, tuned, waiting),
        _cost(learnt, views),
    )


def _hindrance(project: Project, request: StageRequest, before: Status | None, waiting: str) -> str:
    if before is None or before.state != "done":
        return waiting
    try:
        request.completed(project).check(project)
    except EngineError as error:
        return str(error)
    return ""


def _cost(learnt: Status, views: int) -> str:
    speed = learnt.detail.get("views_per_second")
    return say_duration(views / speed) if speed else ""


def _line(runs: Mapping[str, tuple[Status, Mapping[str, Any]]], run: str) -> tuple[str, str, str]:
    """The runs of the three stages that belong together, "" for one that is not: up from this one, and down to the
    newest that follow on it."""

    def newest(key: str, before: str) -> str:
        return next((name for name, (_, request) in runs.items() if before and request.get(key) == before), "")

    def before(name: str, key: str) -> str:
        return str(runs[name][1].get(key, "")) if name in runs else ""

    kind = runs[run][0].kind if run in runs else ""
    if kind == DistilRequest.kind:
        second, third = before(run, "teacher"), run
        first = before(second, "run") or before(before(second, "teacher"), "run")
    elif kind == FineTuneRequest.kind:
        first, second, third = before(run, "run"), run, newest("teacher", run)
    else:
        first, second = run, newest("run", run)
        third = newest("teacher", second)
    known = first in runs and runs[first][1].get("method") == "simclr_v2"
    return (first, second if second in runs else "", third) if known else ("", "", "")


def _request(project: Project, run: str) -> Mapping[str, Any]:
    try:
        request: Mapping[str, Any] = files.read_json(RunFolder.of(project, run).request)
    except (OSError, ValueError):  # deleted meanwhile
        return {}
    return request
