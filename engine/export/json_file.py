"""JSON: every label with its whole history, and what made the answers behind it, down to the training.

The chain: label → events → propagation → embedding → run. What has been deleted or damaged since stands as null.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from engine import __version__, files
from engine.export.base import EXPORTS, Material, NoSettings
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import Progress

MARK = "handful labels 1"


@EXPORTS.register("json")
class JsonExport:
    Config = NoSettings
    card: ClassVar[dict[str, Any]] = {"writes": "file", "suffix": ".json"}

    def __init__(self, config: NoSettings) -> None: ...

    def write(self, material: Material, out: Path, progress: Progress) -> None:
        files.write_json(out, as_json(material))
        progress(len(material.frame), len(material.frame))

    def recognises(self, out: Path) -> bool:
        try:
            value = files.read_json(out)
        except ValueError:
            return False
        return isinstance(value, dict) and value.get("format") == MARK


def as_json(material: Material) -> dict[str, Any]:
    """Labels with their events, and the propagations, embeddings and runs that they rest on."""
    project, frame = material.project, material.frame
    history = _plain_rows(
        LabelStore(project).history(limit=None).astype({"class_id": "Int64"}).iloc[::-1]
    )  # oldest first
    of_image: dict[str, list[dict[str, Any]]] = {one: [] for one in frame["id"]}
    for event in history:
        if event["image"] in of_image:
            of_image[event["image"]].append(event)
    propagations = {name: _about(project.propagation_folder(name)) for name in _names(frame["propagation"])}
    embeddings = {name: _about(project.embedding_folder(name)) for name in _referred(propagations, "embedding")}
    runs = {name: _request(project, name) for name in _referred(embeddings, "run")}
    return {
        "format": MARK,
        "handful": __version__,
        "exported": datetime.now(UTC).isoformat(timespec="seconds"),
        "project": {"name": project.name, "created": project.created, "images": str(project.images)},
        "classes": [one.__dict__ for one in LabelStore(project).classes()],
        "labels": [{**row, "events": of_image[row["id"]]} for row in _plain_rows(frame)],
        "class_events": [event for event in history if event["image"] is None],
        "propagations": propagations,
        "embeddings": embeddings,
        "runs": runs,
    }


def _about(folder: Path) -> Any:
    return _read(folder / "about.json")


def _request(project: Project, run: str) -> Any:
    return _read(project.run_folder(run) / "request.json")


def _read(path: Path) -> Any:
    """What a JSON file says; None where it has been deleted or damaged."""
    try:
        return files.read_object(path)
    except (OSError, ValueError):
        return None


def _names(column: pd.Series) -> list[str]:
    return sorted(set(column) - {""})


def _referred(abouts: dict[str, Any], key: str) -> list[str]:
    """The names that the abouts give under a key."""
    return sorted({str(about[key]) for about in abouts.values() if about and about.get(key)})


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with None in place of NaN, as JSON has none, and Python's own numbers."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
