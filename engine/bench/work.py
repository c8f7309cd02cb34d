"""The jobs that a bench starts and waits for: trainings and embeddings, each found again where it was made before.

A training is an ordinary run of the project: it stands on the Jobs screen, waits its turn at the device, and goes on
from its checkpoint if it was stopped. Its name holds the fingerprint of all that decides it, so nothing is made twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import pandas as pd

from engine import jobs
from engine.embeddings import fresh_embedding
from engine.errors import EmbeddingError, RunActive, RunFailed, RunMissing
from engine.geometry.neighbours import load_graph
from engine.jobs.reporter import Stopped
from engine.jobs.request import EmbedRequest, TrainRequest
from engine.jobs.status import RESUMABLE
from engine.project import Project

LOOK_SECONDS = 0.3  # between two looks at a job
PILOT_EPOCHS = 2  # of the training that measures the speed: the second one is timed whole
PILOT_SHARE, PILOT_SECONDS = 0.25, 10.0  # of the wished time, and at least, after which a slow pilot has shown enough

Progress: TypeAlias = Callable[[jobs.Status], None]  # told at every look at the job


@dataclass(frozen=True)
class Spent:
    """What a training took."""

    seconds: float  # of steps, monitors and looks between epochs; without start and preparation
    views_per_second: float  # median
    steps: int
    epochs: float


@dataclass(frozen=True)
class Workshop:
    """Starts jobs and waits for them, until the bench is asked to stop."""

    project: Project
    stopping: Callable[[], bool]

    def trained(self, request: TrainRequest) -> bool:
        """Whether the training will be found done."""
        return self._state(request.name) == "done"

    def train(self, request: TrainRequest, seconds: float, progress: Progress) -> Spent:
        """Train, or go on, or find it done; `seconds` > 0 chooses the steps so that it takes that long.

        Raises:
            Stopped: the bench was asked to stop; the training has saved where it is.
            EngineError: why it cannot be done.
        """
        state = self._state(request.name)
        if not state:
            jobs.start(self.project, self._timed(request, seconds) if seconds else request)
        elif state in RESUMABLE:
            jobs.resume_run(self.project, request.name)
        ended = self._wait(request.name, progress)
        if ended.state != "done":
            raise RunFailed(f"{request.name} {ended.state}: {ended.error or 'start the benchmark again to go on'}.")
        return spent(jobs.metrics(self.project, request.name))

    def embed(self, request: EmbedRequest, progress: Progress) -> str:
        """The embedding's name; made, with its neighbours, where it is not there or no longer fits.

        Raises:
            Stopped, EngineError: as above.
        """
        while not self._embedded(request.embedding):
            try:
                run = jobs.start(self.project, request)
            except RunActive:  # another bench, or a person, makes the same embedding
                self._rest()
                continue
            ended = self._wait(run, progress)
            if ended.state != "done":
                raise RunFailed(f"{run} {ended.state}: {ended.error}")
            jobs.delete_run(self.project, run)  # the embedding says all that it would
        return request.embedding

    def _embedded(self, embedding: str) -> bool:
        try:
            fresh_embedding(self.project, embedding)
            load_graph(self.project, embedding)
        except EmbeddingError:
            return False
        return True

    def _rest(self) -> None:
        if self.stopping():
            raise Stopped
        time.sleep(LOOK_SECONDS)

    def _timed(self, request: TrainRequest, seconds: float) -> TrainRequest:
        """The training with as many steps as fit, judged by a short one on the same images that is then deleted."""
        pilot = replace(
            request, name=f"{request.name}-pilot", training={**request.training, "epochs": PILOT_EPOCHS, "steps": 0}
        )
        if self._state(pilot.name):  # left over from a bench that was killed
            jobs.stop_run(self.project, pilot.name)
            self._wait(pilot.name)
            jobs.delete_run(self.project, pilot.name)
        jobs.start(self.project, pilot)
        longest = max(PILOT_SECONDS, PILOT_SHARE * seconds)
        ended = self._wait(pilot.name, enough=lambda: _lasted(self._points(pilot.name)) > longest)
        if ended.state == "failed":
            raise RunFailed(ended.error)
        points = self._points(pilot.name)
        jobs.delete_run(self.project, pilot.name)
        steps = max(1, round(seconds / step_seconds(points)))
        return replace(request, training={**request.training, "steps": steps})

    def _wait(
        self, run: str, progress: Progress = lambda now: None, enough: Callable[[], bool] = lambda: False
    ) -> jobs.Status:
        """The last status of a run; it is stopped first where the bench is to stop, or where there is enough of it."""
        stopped = False
        while (now := jobs.status(self.project, run)).active:
            if not stopped and (self.stopping() or enough()):
                jobs.stop_run(self.project, run)
                stopped = True
            progress(now)
            time.sleep(LOOK_SECONDS)
        if self.stopping():
            raise Stopped
        return now

    def _state(self, run: str) -> str:
        """The state of a run; "" where there is none."""
        try:
            return jobs.status(self.project, run).state
        except RunMissing:
            return ""

    def _points(self, run: str) -> pd.DataFrame:
        return jobs.metrics(self.project, run)


def step_seconds(points: pd.DataFrame) -> float:
    """Seconds of a step, all that happens between epochs included: over the last whole epoch, else over the later half
    of what there is, since the first steps choose kernels and allocate memory.

    Raises:
        RunFailed: there are fewer than two points to judge by.
    """
    if len(points) < 2:
        raise RunFailed("The speed could not be measured: the training ended after one step. Give more seconds.")
    whole = points[points["epoch"] % 1 == 0]
    later = points.iloc[(len(points) - 1) // 2 :]
    first, last = (whole.iloc[-2], whole.iloc[-1]) if len(whole) > 1 else (later.iloc[0], later.iloc[-1])
    return float(max(last["seconds"] - first["seconds"], 0.005) / (last["step"] - first["step"]))


def spent(points: pd.DataFrame) -> Spent:
    """What a training took, from its curve; the first point comes after one step, which is counted by the others."""
    first, last = points.iloc[0], points.iloc[-1]
    shown = max(1, last["step"] - first["step"])
    seconds = (last["seconds"] - first["seconds"]) * last["step"] / shown
    speed = points["views_per_second"].iloc[min(1, len(points) - 1) :].median()
    return Spent(round(float(seconds), 1), round(float(speed), 1), int(last["step"]), round(float(last["epoch"]), 2))


def _lasted(points: pd.DataFrame) -> float:
    return float(points["seconds"].iloc[-1] - points["seconds"].iloc[0]) if len(points) else 0.0
