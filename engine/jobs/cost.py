"""What a job will cost, from two seconds of real steps on this machine, measured once and remembered."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import catalogue, files
from engine.errors import RunFailed
from engine.home import home_folder
from engine.images.table import read_table
from engine.jobs.hardware import device_name, hardware
from engine.jobs.queue import is_taken
from engine.jobs.request import TrainRequest
from engine.jobs.spawn import PACKAGE_ROOT, worker_environment
from engine.project import Project

MEASURING_SECONDS = 120.0  # after which the measurement counts as failed; it takes about 5


@dataclass(frozen=True)
class Cost:
    """How long a training will take."""

    seconds: float
    views_per_second: float
    sentence: str  # the same in plain words


def estimate(project: Project, request: TrainRequest) -> Cost:
    """The cost of a training; measures this machine for about five seconds where it has not been measured yet.

    Raises:
        NoImages: the project has no images to train on.
        RunFailed: the measurement ended with an error.
    """
    speed = _remembered(request, project)
    return _cost(project, request, speed or _measure(request, project))


def known_cost(project: Project, request: TrainRequest) -> Cost | None:
    """The cost at once, from a measurement made before; None where there is none.

    Raises:
        NoImages: the project has no images to train on.
    """
    speed = _remembered(request, project)
    return None if speed is None else _cost(project, request, speed)


def say_duration(seconds: float) -> str:
    """A time as a person says it, as in “about 3 minutes”."""
    if seconds < 50:
        return "less than a minute"
    if seconds < 90:
        return "about a minute"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.1f} hours" if seconds < 36_000 else f"about {seconds / 3600:.0f} hours"


def _cost(project: Project, request: TrainRequest, speed: float) -> Cost:
    config, images = request.config, len(read_table(project))
    views = 1 + config.positives if catalogue.card("methods", request.method).get("views", 2) > 1 else 1
    shown = config.steps * min(config.batch, images) or images * config.epochs
    seconds = shown * views / speed
    place = "GPU" if device_name(request.device) != "cpu" else "CPU"
    said = say_duration(seconds)
    return Cost(
        seconds, speed, f"{said[0].upper()}{said[1:]}: this machine's {place} takes {speed:,.0f} views a second."
    )


def _setting(request: TrainRequest, project: Project) -> dict[str, Any]:
    """All that the speed depends on, beside the machine."""
    config = request.config
    return {
        "encoder": request.encoder,
        "method": request.method,
        "size": config.size,
        "batch": min(config.batch, len(read_table(project))),
        "device": device_name(request.device),
    }


def _key(setting: dict[str, Any]) -> str:
    return files.fingerprint([setting, platform.node(), hardware().name])


def _remembered(request: TrainRequest, project: Project) -> float | None:
    return _read_speeds().get(_key(_setting(request, project)))


def _measure(request: TrainRequest, project: Project) -> float:
    setting = _setting(request, project)
    busy = is_taken(setting["device"])  # beside a training it would measure what is left: true now, not later
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "engine.jobs.tasks.measure", json.dumps(setting)],
            cwd=PACKAGE_ROOT,
            env=worker_environment(),
            capture_output=True,
            text=True,
            timeout=MEASURING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise RunFailed(
            f"This machine's speed could not be measured within {MEASURING_SECONDS:.0f} seconds, as it is busy. "
            "Train without an estimate."
        ) from late
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no word"])[-1]
        raise RunFailed(f"This machine's speed could not be measured ({last}). Train without an estimate.")
    speed = float(ended.stdout)
    if not busy:
        files.write_json(_speeds_path(), {**_read_speeds(), _key(setting): speed})
    return speed


def _speeds_path() -> Path:
    return home_folder() / "speeds.json"


def _read_speeds() -> dict[str, float]:
    try:
        speeds: dict[str, float] = files.read_json(_speeds_path())
    except (OSError, json.JSONDecodeError):  # lost measurements are made again
        return {}
    return speeds
