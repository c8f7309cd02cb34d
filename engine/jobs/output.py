"""What a run has put out so far: its curves, its log, what its network sees and what its numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from engine import files
from engine.geometry.epochs import EpochMaps, load_epoch_maps
from engine.jobs.status import status
from engine.project import Project
from engine.run_folder import RunFolder
from engine.train.judgement import judgement

LOG_BYTES = 200_000  # the end of a log is what a reader wants; a longer one is cut at its head


@dataclass(frozen=True)
class Look:
    """A picture of what a network does, and what it shows in plain words."""

    title: str
    caption: str
    epoch: float
    picture: bytes  # webp


def metrics(project: Project, run: str) -> pd.DataFrame:
    """The points of a run's curves, oldest first; empty while there are none.

    Columns: step, epoch (fractional), seconds (worked), loss, trivial (the loss of guessing), learning_rate,
    views_per_second; in the rows that end an epoch also epoch_loss and the numbers of engine/train/monitors.py.

    Raises:
        RunMissing: there is no run of this name.
    """
    status(project, run)
    text = _read_end(RunFolder.of(project, run).metrics)
    whole = text[: text.rfind("\n") + 1]  # the last line may be half written
    return pd.read_json(StringIO(whole), lines=True) if whole else pd.DataFrame()


def log(project: Project, run: str) -> str:
    """The end of what the worker said; "" while it said nothing.

    Raises:
        RunMissing: there is no run of this name.
    """
    status(project, run)
    return _read_end(RunFolder.of(project, run).log, LOG_BYTES)


def views_sample(project: Project, run: str) -> bytes | None:
    """A webp picture of what the network sees: a row an image, as it is, three views of it, three of a partner.

    Raises:
        RunMissing: there is no run of this name.
    """
    status(project, run)
    try:
        return RunFolder.of(project, run).views.read_bytes()
    except OSError:  # not yet made, or no training
        return None


def looks(project: Project, run: str) -> list[Look]:
    """What the network draws, where it looks, what it puts together, as far as its method does such things.

    Raises:
        RunMissing: there is no run of this name.
    """
    status(project, run)
    folder = RunFolder.of(project, run)
    try:
        about = files.read_json(folder.looks)
        return [
            Look(one["title"], one["caption"], one["epoch"], folder.look(one["name"]).read_bytes()) for one in about
        ]
    except (OSError, ValueError):  # not yet made, or no training
        return []


def epoch_maps(project: Project, run: str) -> EpochMaps | None:
    """The maps of a training at several epochs; None where there are none (yet).

    Raises:
        RunMissing: there is no run of this name.
    """
    status(project, run)
    return load_epoch_maps(RunFolder.of(project, run))


def latest_judgement(project: Project, run: str) -> str:
    """What the last finished epoch's numbers mean, in one sentence.

    Raises:
        RunMissing: there is no run of this name.
    """
    said: str = status(project, run).detail.get("judgement", judgement({}))
    return said


def _read_end(path: Path, limit: int | None = None) -> str:
    try:
        with path.open("rb") as file:
            if limit is not None:
                file.seek(max(0, path.stat().st_size - limit))
            return file.read().decode(errors="replace")
    except OSError:  # nothing written yet, or deleted meanwhile
        return ""
