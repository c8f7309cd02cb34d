"""The worker's second thread: it keeps the heartbeat going and listens for the wish to stop."""

from __future__ import annotations

import os
import threading
import time
from types import TracebackType

import psutil

from engine.jobs.process import BEAT_SECONDS, beat
from engine.jobs.reporter import Reporter

LOOK_SECONDS = 0.25  # between two looks for the wish to stop
PATIENCE_SECONDS = 5.0  # how long a stage that has nothing to save may go on after that wish


class Pulse:
    """While open, beats and listens.

    A stage that saves its state is only told to stop. Any other is ended after a moment of patience, with its helpers:
    it may sit in a library that knows no stopping, and every file it writes is written whole or not at all.
    """

    def __init__(self, reporter: Reporter, saves: bool) -> None:
        self._reporter = reporter
        self._saves = saves
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        folder, stop_wanted = self._reporter.folder, self._reporter.stop_wanted
        asked = beaten = -float("inf")
        while not self._over.wait(LOOK_SECONDS):
            now = time.monotonic()
            if not folder.exists():
                _end_process()
            if folder.stop.exists():
                stop_wanted.set()
            if now - beaten > BEAT_SECONDS:
                _beat(self._reporter)
                beaten = now
            if not stop_wanted.is_set() or self._saves:
                continue
            asked = now if asked < 0 else asked
            if now - asked > PATIENCE_SECONDS:
                try:
                    self._reporter.end("stopped", "Stopped")
                finally:
                    _end_process()


def _beat(reporter: Reporter) -> None:
    try:
        beat(reporter.folder)
    except FileNotFoundError:  # deleted this very moment; the next look ends the process
        return


def _end_process() -> None:
    for helper in psutil.Process().children(recursive=True):
        helper.kill()
    os._exit(0)
