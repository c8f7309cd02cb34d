"""Start, stop, resume and delete runs. The worker is a process of its own that outlives whoever started it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from filelock import FileLock

from engine import files
from engine.errors import RunActive, SettingInvalid
from engine.jobs.hardware import device_name
from engine.jobs.queue import take_ticket
from engine.jobs.record import Record, read_record, write_record
from engine.jobs.request import TRAINING_KINDS, Request, Training, from_json, with_whole_paths
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.jobs.spawn import spawn_worker
from engine.jobs.status import RESUMABLE, status, statuses
from engine.project import Project, plain_name
from engine.run_folder import RunFolder


def start(project: Project, request: Request) -> str:
    """Check the request, make the run's folder and start its worker; returns the run's name at once.

    Raises:
        EngineError: whatever is wrong with the request.
        RunActive: another run is at work on the same thing.
        SettingInvalid: the wished name is taken.
    """
    request = with_whole_paths(request)
    if isinstance(request, FineTuneRequest | DistilRequest):
        request = request.completed(project)
    request.check(project)
    with _one_at_a_time(project):
        _refuse_twice(project, request)
        folder = _claim_folder(project, request)
        created = datetime.now(UTC).isoformat(timespec="microseconds")
        record = Record(state="queued", queued=time.time(), message="Waiting to start")
        write_record(folder, record)
        files.write_json(folder.request, {**request.as_json(), "title": request.title, "created": created})
        _set_to_work(folder, request, record)
    return folder.run


def stop_run(project: Project, run: str) -> None:
    """Ask a run to stop; it saves where it is first. Nothing happens to a run that has ended.

    Raises:
        RunMissing: there is no run of this name.
    """
    if status(project, run).active:
        files.write_text(RunFolder.of(project, run).stop, "")


def resume_run(project: Project, run: str) -> None:
    """Go on where a stopped, interrupted or failed run was.

    Raises:
        RunMissing: there is no run of this name.
        RunActive: it is at work, or done.
    """
    with _one_at_a_time(project):
        now = status(project, run)
        if now.state not in RESUMABLE:
            reason = "has ended; start a new one" if now.state == "done" else "is at work already"
            raise RunActive(f"The run “{run}” {reason}. Only stopped, interrupted and failed runs can be resumed.")
        folder = RunFolder.of(project, run)
        folder.stop.unlink(missing_ok=True)
        record = read_record(folder)
        assert record is not None
        folder.heartbeat.unlink(missing_ok=True)
        again = replace(record, state="queued", queued=time.time(), message="Waiting to start", error="", ended=None)
        write_record(folder, again)
        _set_to_work(folder, _request_of(folder), again)


def delete_run(project: Project, run: str) -> None:
    """Delete a run with its checkpoints and its encoder; embeddings made by it stay.

    Raises:
        RunMissing: there is no run of this name.
        RunActive: it is at work.
    """
    if status(project, run).active:
        raise RunActive(f"The run “{run}” is at work. Stop it first, then delete it.")
    shutil.rmtree(RunFolder.of(project, run).root)


@contextmanager
def _one_at_a_time(project: Project) -> Iterator[None]:
    """Two processes that start or resume at once must not both find a run idle and set a worker to it."""
    project.runs_folder.mkdir(parents=True, exist_ok=True)
    with FileLock(project.runs_folder / ".lock"):
        yield


def _set_to_work(folder: RunFolder, request: Request, record: Record) -> None:
    """Start the worker and queue it up, so that the order is that of the starts, not of who wakes up first."""
    worker = spawn_worker(folder)
    if worker is not None and isinstance(request, Training):
        take_ticket(device_name(request.device), record.queued, worker)


def _claim_folder(project: Project, request: Request) -> RunFolder:
    """A fresh folder; making it is what claims the name, so two starts at once get two names."""
    if isinstance(request, Training) and request.name:
        folder = RunFolder.of(project, plain_name(request.name))
        try:
            folder.root.mkdir(parents=True)
        except FileExistsError:
            raise SettingInvalid(f"There is a run “{request.name}” already. Choose another name.") from None
        return folder
    for number in count(1):
        folder = RunFolder.of(project, f"{request.stem}-{number}")
        try:
            folder.root.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise AssertionError("count never ends")


def _refuse_twice(project: Project, request: Request) -> None:
    """Two workers must not write the same files: one scan, and one job per embedding, at a time."""
    if isinstance(request, Training):
        return
    target = _target(request)
    for one in statuses(project):
        if (
            one.active
            and one.kind not in TRAINING_KINDS
            and _target(_request_of(RunFolder.of(project, one.run))) == target
        ):
            raise RunActive(f"{one.title} is at work already ({one.run}). Wait until it has ended, or stop it first.")


def _target(request: Request) -> str:
    return getattr(request, "embedding", "") or request.stem


def _request_of(folder: RunFolder) -> Request:
    return from_json(files.read_json(folder.request))
