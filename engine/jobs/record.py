"""status.json: how far a run is, as its worker writes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from engine import files
from engine.run_folder import RunFolder


@dataclass(frozen=True)
class Record:
    """One moment of a run. Moments are seconds since 1970; None where they have not come."""

    state: str  # queued, running, done, stopped, failed
    queued: float  # when it was started or last resumed: its place in the queue
    stage: str = ""  # title of the stage
    step: int = 0  # number of the stage among the kind's stages: where a resume goes on
    done: int = 0
    total: int = 0
    message: str = ""
    seconds: float = 0.0  # worked up to `updated`, over all resumes
    seconds_left: float | None = None  # of the stage, as of `updated`
    device: str = ""
    started: float | None = None
    ended: float | None = None
    updated: float = 0.0
    error: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def write_record(folder: RunFolder, record: Record) -> None:
    """Write the record, the old or the new one whole at any moment."""
    files.write_json(folder.status, asdict(record))


def read_record(folder: RunFolder) -> Record | None:
    """The record; None where the run is gone, not yet made, or damaged."""
    try:
        return Record(**files.read_object(folder.status))
    except (OSError, ValueError, TypeError):
        return None
