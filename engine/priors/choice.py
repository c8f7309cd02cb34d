"""The priors that were chosen for a project: what the next training starts from, kept in priors.json."""

from __future__ import annotations

from collections.abc import Sequence

from engine import files
from engine.priors.base import PriorSpec
from engine.project import Project


def read_choice(project: Project) -> list[PriorSpec]:
    """The chosen priors; the image with itself, as any view method has it, until something was chosen."""
    if not project.priors_path.exists():
        return [PriorSpec("augmentation")]
    return [PriorSpec(one["name"], one["settings"]) for one in files.read_json(project.priors_path)]


def save_choice(project: Project, specs: Sequence[PriorSpec]) -> None:
    """Remember the priors, in the order given."""
    files.write_json(project.priors_path, [spec.as_json() for spec in specs])
