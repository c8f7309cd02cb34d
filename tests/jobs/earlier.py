"""Runs that look as if they had been trained before, for tests of what follows on them."""

from __future__ import annotations

import time
from typing import Any

from engine import files
from engine.images.table import read_table
from engine.jobs.record import Record, write_record
from engine.jobs.request import Training
from engine.labels.store import LabelStore
from engine.project import Project
from engine.run_folder import RunFolder


def pretend(project: Project, run: str, request: Training, **detail: Any) -> None:
    """A run that has ended well, but for its weights."""
    folder = RunFolder.of(project, run)
    folder.root.mkdir(parents=True)
    created = f"2026-01-01T00:00:{len(list(project.runs_folder.iterdir())):02}"
    files.write_json(folder.request, {**request.as_json(), "title": request.title, "created": created})
    write_record(folder, Record("done", time.time(), detail=detail))
    folder.encoder.touch()


def label_two_classes(project: Project, each: int = 2) -> None:
    """The first images are of one class, the next of another."""
    store, ids = LabelStore(project), list(read_table(project).ids)
    for place, name in enumerate(("crypt", "stroma")):
        one = store.add_class(name, "ana")
        store.label(ids[place * each : (place + 1) * each], one.id, "ana", "click")
