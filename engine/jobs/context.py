"""What a task is given."""

from __future__ import annotations

from dataclasses import dataclass

from engine.jobs.reporter import Reporter
from engine.jobs.request import Request
from engine.project import Project
from engine.run_folder import RunFolder


@dataclass(frozen=True)
class Context:
    project: Project
    request: Request
    folder: RunFolder
    report: Reporter
