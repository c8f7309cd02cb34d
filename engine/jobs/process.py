"""Which process works on a run, and whether it still lives: by process id, start time and machine."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from engine import files
from engine.run_folder import RunFolder

BEAT_SECONDS = 2.0  # how often a worker touches its heartbeat
STARTING_SECONDS = 30.0  # how long a run may be without any worker after it was created
SILENT_SECONDS = 60.0  # after which a worker on another machine counts as dead
CLOCK_SECONDS = 2.0  # how far two readings of one process's start time may lie apart


@dataclass(frozen=True)
class Identity:
    """A process, told apart from a later one with the same number."""

    pid: int
    began: float  # seconds since 1970, by the system's process table
    host: str


def identify(pid: int | None = None) -> Identity:
    """The identity of a running process, this one by default.

    Raises:
        psutil.NoSuchProcess: no process has this number.
    """
    process = psutil.Process(pid)
    return Identity(process.pid, process.create_time(), platform.node())


def lives(identity: Identity) -> bool:
    """Whether exactly this process of this machine still runs (a zombie does not)."""
    try:
        process = psutil.Process(identity.pid)
        same = abs(process.create_time() - identity.began) < CLOCK_SECONDS
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def claim(folder: RunFolder, identity: Identity) -> None:
    """Write down that this process works on the run from now on."""
    files.write_json(folder.heartbeat, asdict(identity))


def beat(folder: RunFolder) -> None:
    """Touch the heartbeat, for readers on another machine."""
    os.utime(folder.heartbeat)


def worker_of(folder: RunFolder) -> Identity | None:
    """Who works or worked on the run; None where no worker has come up yet."""
    try:
        return Identity(**files.read_object(folder.heartbeat))
    except (OSError, ValueError, TypeError):
        return None


def is_alive(folder: RunFolder) -> bool:
    """Whether somebody works on the run, or is only just starting to."""
    worker = worker_of(folder)
    if worker is None:
        return _age(folder.status) < STARTING_SECONDS
    if worker.host != platform.node():  # a shared disk: its process table is not ours
        return _age(folder.heartbeat) < SILENT_SECONDS
    return lives(worker)


def _age(path: Path) -> float:
    """Seconds since the file was last written; endless where it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
