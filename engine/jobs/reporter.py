"""The worker's pen: the one writer of a run's status and curves while the run is at work."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psutil

from engine.jobs.record import Record, read_record, write_record
from engine.run_folder import RunFolder

WRITE_SECONDS = 0.4  # between two writes of the status; a person sees no more


class Stopped(Exception):
    """The person has asked the run to stop, and it may end here."""


class RunGone(Exception):
    """The run's folder was deleted under the worker."""


class Reporter:
    """Says how far the run is; its `progress` is what long engine calls are given."""

    def __init__(self, folder: RunFolder) -> None:
        record = read_record(folder)
        if record is None:
            raise RunGone(folder.root)
        self.folder = folder
        self.stop_wanted = threading.Event()
        self._record = record
        self._lock = threading.Lock()  # the pulse ends a run from its own thread
        self._ended = False
        self._since = time.monotonic()  # when this process began to work, not counting the queue
        self._seconds_before = record.seconds
        self._written = 0.0
        self._judge: Callable[[], float | None] | None = None

    @property
    def record(self) -> Record:
        return self._record

    def begin(self, title: str, message: str = "") -> None:
        """A new stage, or a new part of one, begins."""
        started = self._record.started or time.time()
        self._change(
            state="running", stage=title, message=message or title, done=0, total=0, seconds_left=None, started=started
        )
        self._stage_since, self._stage_from, self._judge = time.monotonic(), 0, None

    def progress(self, done: int, total: int, message: str = "") -> None:
        """How far the stage is; ends the run by raising where that was asked for.

        Raises:
            Stopped: the run was asked to stop.
        """
        if self.stop_wanted.is_set():
            raise Stopped
        self.advance(done, total, message)

    def advance(self, done: int, total: int, message: str = "") -> None:
        """How far the stage is, and nothing else: for tasks that look at `stop_wanted` themselves."""
        soon = time.monotonic() - self._written < WRITE_SECONDS
        if soon and done < total and not self.stop_wanted.is_set():
            return
        text = message or (f"{self._record.stage}: {done / total:.0%}" if total else self._record.stage)
        self._change(done=done, total=total, message=text, seconds_left=self._left(done, total))

    def resume_from(self, done: int) -> None:
        """The stage goes on from here, so the time left is not judged by what was done before."""
        self._stage_since, self._stage_from = time.monotonic(), done

    def judge_left_by(self, seconds_left: Callable[[], float | None]) -> None:
        """The task knows better how long the stage will still take than its units tell."""
        self._judge = seconds_left

    def wait_in_queue(self, ahead: int) -> None:
        """Others are at work on the device.

        Raises:
            Stopped: the run was asked to stop while it waited.
        """
        if self.stop_wanted.is_set():
            raise Stopped
        others = f"{ahead} other run{'s' * (ahead > 1)}"
        if self._record.detail.get("ahead") != ahead:
            self._change(
                state="queued", message=f"Waiting for {others}", detail={**self._record.detail, "ahead": ahead}
            )
        self._since = time.monotonic()

    def tell(self, **detail: Any) -> None:
        """Add to the status's detail; written with the next progress."""
        self._record = replace(self._record, detail={**self._record.detail, **detail})

    def take_device(self, device: str) -> None:
        """The run computes on this device from now on."""
        self._record = replace(self._record, device=device)

    def point(self, values: dict[str, Any]) -> None:
        """Append one point to the curves."""
        with self.folder.metrics.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**values, "seconds": round(self.seconds, 2)}) + "\n")

    def say(self, text: str) -> None:
        """Add a line to the log, which the worker's output goes to."""
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")

    def next_stage(self) -> None:
        """The stage is done; the next worker goes on with the one after it."""
        self._change(step=self._record.step + 1, seconds_left=None)
        self._ended = True

    def end(self, state: str, message: str, error: str = "") -> None:
        """The run is done, stopped or failed; nothing is written after this."""
        with self._lock:
            if self._ended:
                return
            self._write(
                replace(self._record, state=state, message=message, error=error, ended=time.time(), seconds_left=None)
            )
            self._ended = True

    @property
    def seconds(self) -> float:
        """Seconds worked, over all resumes."""
        return self._seconds_before + time.monotonic() - self._since

    def _change(self, **fields: Any) -> None:
        with self._lock:
            if self._ended:
                return
            self._write(replace(self._record, **fields))

    def _write(self, record: Record) -> None:
        if not self.folder.exists():  # writing would bring a deleted project's folder back
            raise RunGone(self.folder.root)
        memory = psutil.Process().memory_info().rss
        self._record = replace(
            record, seconds=self.seconds, updated=time.time(), detail={**record.detail, "memory": memory}
        )
        write_record(self.folder, self._record)
        self._written = time.monotonic()

    def _left(self, done: int, total: int) -> float | None:
        if self._judge:
            return self._judge()
        fresh = done - self._stage_from
        if fresh <= 0 or not total:
            return None
        return (total - done) * (time.monotonic() - self._stage_since) / fresh
