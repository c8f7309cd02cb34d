"""Propagations on disk: propagations/<id>/ holds answer.npz and about.json, so that an accepted label can be traced."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from engine import files
from engine.errors import PropagationMissing
from engine.labels.events import LabelClass
from engine.project import Project
from engine.propagate.base import Calibration
from engine.propagate.run import Propagation

ABOUT = ("id", "made", "embedding", "method", "settings", "classes", "label_version", "seconds")  # keys of about.json


def save_propagation(project: Project, propagation: Propagation) -> str:
    """Write a propagation and return its id; one of the same id is the same answer and is only dated anew."""
    folder = project.propagation_folder(propagation.id)
    files.write_arrays(
        folder / "answer.npz",
        probabilities=propagation.probabilities,
        labels=propagation.labels,
        ids=propagation.ids.astype(np.str_),
    )
    about = {
        "id": propagation.id,
        "made": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "embedding": propagation.embedding,
        "method": propagation.method,
        "settings": propagation.settings,
        "classes": [asdict(one) for one in propagation.classes],
        "label_version": propagation.label_version,
        "seconds": propagation.seconds,
        "note": propagation.note,
        "calibration": asdict(propagation.calibration) if propagation.calibration else None,
    }
    files.write_json(folder / "about.json", about)  # last: a folder with it is whole
    return propagation.id


def load_propagation(project: Project, propagation: str = "") -> Propagation:
    """The saved propagation of this id; the latest without one.

    Raises:
        PropagationMissing: none of this id, none at all, or its files cannot be read.
    """
    about = _read_about(project, propagation) if propagation else _latest(project)
    try:
        arrays = files.read_arrays(project.propagation_folder(about["id"]) / "answer.npz")
    except (OSError, ValueError) as error:
        raise PropagationMissing(
            f"The propagation “{about['id']}” cannot be read ({error}). Propagate again and save the answer."
        ) from error
    return Propagation(
        id=about["id"],
        embedding=about["embedding"],
        method=about["method"],
        settings=about["settings"],
        probabilities=arrays["probabilities"],
        ids=arrays["ids"].astype(object),
        classes=[LabelClass(**one) for one in about["classes"]],
        labels=arrays["labels"],
        label_version=about["label_version"],
        seconds=about["seconds"],
        note=about.get("note", ""),
        calibration=Calibration(**about["calibration"]) if about.get("calibration") else None,
    )


def _latest(project: Project) -> dict[str, Any]:
    found = []
    for path in project.propagations_folder.glob("*/about.json"):
        with suppress(PropagationMissing):  # a damaged one does not hide the others
            found.append(_read_about(project, path.parent.name))
    if not found:
        raise PropagationMissing("No propagation has been saved yet. Propagate the labels first.")
    return max(found, key=lambda about: str(about["made"]))


def _read_about(project: Project, propagation: str) -> dict[str, Any]:
    try:
        return files.read_object(project.propagation_folder(propagation) / "about.json", *ABOUT)
    except (OSError, ValueError):
        raise PropagationMissing(
            f"There is no saved propagation “{propagation}”. Propagate the labels and save the answer."
        ) from None
