"""How far a run is, read from its folder alone: after a refresh, a restart, or `kill -9` of its worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine import files
from engine.errors import RunFailed, RunMissing
from engine.jobs.process import is_alive
from engine.jobs.record import Record, read_record
from engine.project import Project
from engine.run_folder import RunFolder
from engine.types import Progress, silent

ACTIVE = ("queued", "running")
RESUMABLE = ("stopped", "failed", "interrupted")


@dataclass(frozen=True)
class Status:
    """One run as a person wants to see it."""

    run: str
    kind: str  # train, embed, map, prepare, tile, …
    title: str  # what it does, in one line
    state: str  # queued, running, done, stopped, failed, interrupted
    stage: str  # what it is doing now: Training, Embedding, Finding neighbours, …
    done: int  # of the stage, in its own units
    total: int  # of the stage; 0 while unknown
    message: str  # one line for a person, as in “Training: epoch 3 of 20”
    seconds: float  # worked so far, over all its resumes
    seconds_left: float | None  # of the stage; None while unknown
    device: str  # cuda, mps, cpu, or "" while none is taken
    created: str  # ISO 8601, UTC
    started: str  # "" until the worker has begun
    ended: str  # "" until it has ended
    error: str  # one plain sentence where it failed or was interrupted, else ""
    detail: dict[str, Any] = field(default_factory=dict)  # views_per_second, memory (bytes), epoch, judgement, then, …

    @property
    def fraction(self) -> float:
        """Share of the stage that is done, in [0, 1]."""
        if self.state == "done":
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def resumable(self) -> bool:
        return self.state in RESUMABLE


def status(project: Project, run: str) -> Status:
    """The status of one run.

    Raises:
        RunMissing: there is no run of this name.
    """
    folder = RunFolder.of(project, run)
    found = _read(folder)
    if found is None:
        raise RunMissing(f"There is no run “{run}” in {project.name}. The Jobs screen and `runs` list those there are.")
    return found


def statuses(project: Project) -> list[Status]:
    """All runs, newest first; what is being deleted meanwhile is left out."""
    found = [status for folder in _folders(project) if (status := _read(folder)) is not None]
    return sorted(found, key=lambda status: status.created, reverse=True)


def wait(project: Project, run: str, progress: Progress = silent, every: float = 0.2) -> Status:
    """Wait until a run has ended; returns its last status (done or stopped).

    Raises:
        RunMissing: there is no run of this name.
        RunFailed: it failed or its worker was killed.
    """
    while (now := status(project, run)).active:
        progress(now.done, now.total)
        time.sleep(every)
    progress(now.done, now.total)
    if now.state in ("failed", "interrupted"):
        raise RunFailed(f"{run}: {now.error}")
    return now


def _folders(project: Project) -> Iterator[RunFolder]:
    try:
        entries = list(project.runs_folder.iterdir())
    except OSError:  # no run yet, or the project is being deleted
        return
    for entry in entries:
        if not entry.name.startswith("."):
            yield RunFolder(entry)


def _read(folder: RunFolder) -> Status | None:
    record = read_record(folder)
    try:
        request = files.read_object(folder.request, "kind", "title", "created")
    except (OSError, ValueError):
        request = {}
    if record is None or not request:  # deleted, damaged, or just being made: not a run (yet, any more)
        return None
    state, error = record.state, record.error
    elapsed = 0.0
    if state in ACTIVE:
        if is_alive(folder):
            elapsed = max(0.0, time.time() - record.updated) if state == "running" else 0.0
        else:
            state, error = (
                "interrupted",
                "The worker ended without a word (killed, or the machine went down). Resume it.",
            )
    return Status(
        run=folder.run,
        kind=request["kind"],
        title=request["title"],
        state=state,
        stage=record.stage,
        done=record.done,
        total=record.total,
        message=error or record.message or record.stage,
        seconds=record.seconds + elapsed,
        seconds_left=_left(record, elapsed) if state == "running" else None,
        device=record.device,
        created=request["created"],
        started=_moment(record.started),
        ended=_moment(record.ended),
        error=error,
        detail=record.detail,
    )


def _left(record: Record, elapsed: float) -> float | None:
    return None if record.seconds_left is None else max(0.0, record.seconds_left - elapsed)


def _moment(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""
