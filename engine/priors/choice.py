"""The priors that were chosen for a project: what the next training starts from, kept in priors.json."""

from __future__ import annotations

from collections.abc import Sequence

from engine import files
from engine.errors import SettingInvalid
from engine.priors.base import PriorSpec
from engine.project import Project


def read_choice(project: Project) -> list[PriorSpec]:
    """The chosen priors; the image with itself, as any view method has it, until something was chosen.

    Raises:
        SettingInvalid: priors.json is damaged.
    """
    if not project.priors_path.exists():
        return [PriorSpec("augmentation")]
    try:
        return [PriorSpec(one["name"], one["settings"]) for one in files.read_json(project.priors_path)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingInvalid(
            f"{project.priors_path} cannot be read ({error}). Remove it, then choose the priors again."
        ) from error


def save_choice(project: Project, specs: Sequence[PriorSpec]) -> None:
    """Remember the priors, in the order given."""
    files.write_json(project.priors_path, [spec.as_json() for spec in specs])
