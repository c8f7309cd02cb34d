"""Audits on disk: which answers were frozen, what was asked of them, and which images were drawn to check them.

An audit judges a saved propagation, so the labels that it brings have no part in the answers they judge. Its images are
drawn at random from all answers that may be taken over, its size and its promise are fixed before the first label, and
a verdict comes with the last one: looked at in between, or made larger until it passes, it would promise too much. One
audit is open at a time; once it is closed its labels teach like any other, and the next one draws afresh. Every verdict
is wrong in at most 5 of 100 audits (at a confidence of 95 %); who audits until one passes is wrong more often.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

import numpy as np

from engine import files
from engine.accept.plan import CLASS, AuditPlan
from engine.errors import AuditMissing, AuditOpen, SettingInvalid, TooFewLabels
from engine.images.table import ImageTable, read_table
from engine.project import Project
from engine.propagate import Propagation, save_propagation
from engine.types import UNKNOWN, Array, Indices

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Audit:
    """One audit as it was drawn."""

    id: str
    made: str  # ISO 8601, UTC
    who: str
    propagation: str  # id of the frozen answers
    plan: AuditPlan
    seed: int
    parts: list[str]  # classes or groups with a promise of their own; [""] for all together
    images: list[str]  # [n] ids in the order in which they were drawn
    part: list[int]  # [n] place in `parts` of each
    state: str = OPEN


def draw_audit(
    project: Project, answers: Propagation, plan: AuditPlan, who: str, count: int | None = None, seed: int = 0
) -> Audit:
    """Freeze the answers and draw the images that will tell how many of them are wrong.

    Args:
        answers: of a classifier or a propagation.
        count: images to draw in each part; the fewest that can do where None.
        seed: with the same answers, the same images.

    Raises:
        AuditOpen: there is an open audit.
        SettingInvalid: the plan is not sound, or so few images could promise nothing whatever they showed.
        ColumnMissing: the images have no column `plan.by`.
        TooFewLabels: no answer may be taken over.
    """
    plan.check()
    if (earlier := open_audit(project)) is not None:
        raise AuditOpen(
            f"The audit “{earlier.id}” is still open. Label its images and accept what they allow, or close it first."
        )
    rows = candidates(answers, plan)
    if not len(rows):
        raise TooFewLabels(
            f"No image without a label has an answer with a probability of {plan.floor:.2f} or more. "
            "Label a few more images, or start lower."
        )
    names = part_names(read_table(project), answers, plan)[rows]
    parts, part = np.unique(names.astype(str), return_inverse=True)
    fewest = plan.needed(len(parts))
    if count is not None and count < fewest:
        raise SettingInvalid(
            f"With {count} images{' of each part' if len(parts) > 1 else ''} nothing could be promised, whatever they "
            f"show; {fewest - count} are missing. Draw {fewest} or more, or allow more errors."
        )
    rng = np.random.default_rng([seed, int(files.fingerprint(answers.id)[:8], 16)])
    drawn = [_some(rows[part == one], count or fewest, rng) for one in range(len(parts))]
    audit = Audit(
        id=_next_name(project),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        who=who,
        propagation=save_propagation(project, answers),
        plan=plan,
        seed=seed,
        parts=parts.tolist(),
        images=answers.ids[np.concatenate(drawn)].tolist(),
        part=np.repeat(np.arange(len(parts)), [len(one) for one in drawn]).tolist(),
    )
    _write(project, audit)
    return audit


def candidates(answers: Propagation, plan: AuditPlan) -> Indices:
    """Rows of the answers that may be taken over: without a person's label, and probable enough."""
    free = (answers.predicted != UNKNOWN) & (answers.labels == UNKNOWN)
    return np.flatnonzero(free & (answers.confidence >= plan.floor))


def part_names(table: ImageTable, answers: Propagation, plan: AuditPlan) -> Array:
    """To which part of the promise each answer belongs [N]: its class, its group, or "" for all together.

    Raises:
        ColumnMissing: the images have no column `plan.by`.
    """
    names = np.full(len(answers), "", dtype=object)
    if plan.by == CLASS:
        names[:] = np.array([*(one.name for one in answers.classes), ""], object)[answers.predicted]
    elif plan.by:
        values = table.column(plan.by).astype("string").fillna("").to_numpy(object)
        of_image = dict(zip(table.ids, values, strict=True))
        names[:] = [of_image.get(one, "") for one in answers.ids]
    return names


def part_list(table: ImageTable, answers: Propagation, plan: AuditPlan) -> list[str]:
    """The parts that have a promise of their own; [""] for all together, [] where no answer may be taken over.

    Raises:
        ColumnMissing: the images have no column `plan.by`.
    """
    rows = candidates(answers, plan)
    return sorted(set(part_names(table, answers, plan)[rows].astype(str).tolist()))


def audits(project: Project) -> list[Audit]:
    """Every audit of the project, the oldest first."""
    return sorted(
        (_read(project, path.stem) for path in project.audits_folder.glob("*.json")), key=lambda one: one.made
    )


def open_audit(project: Project) -> Audit | None:
    """The audit that is under way, if there is one."""
    return next((one for one in reversed(audits(project)) if one.state == OPEN), None)


def latest_audit(project: Project) -> Audit:
    """The audit that is under way.

    Raises:
        AuditMissing: none is.
    """
    found = open_audit(project)
    if found is None:
        raise AuditMissing("No audit is open. Draw one first: audit PROJECT --embedding NAME --error 0.05")
    return found


def close_audit(project: Project, audit: Audit) -> Audit:
    """End an audit; its labels stay and teach from now on. Returns it as it is then."""
    closed = replace(audit, state=CLOSED)
    _write(project, closed)
    return closed


def _some(rows: Indices, count: int, rng: np.random.Generator) -> Indices:
    return rng.permutation(rows)[:count]


def _next_name(project: Project) -> str:
    number = 1
    while project.audit_path(f"audit-{number}").exists():
        number += 1
    return f"audit-{number}"


def _write(project: Project, audit: Audit) -> None:
    files.write_json(project.audit_path(audit.id), asdict(audit))


def _read(project: Project, name: str) -> Audit:
    try:
        about = files.read_object(project.audit_path(name), "id", "made", "plan", "images")
        return Audit(**{**about, "plan": AuditPlan(**about["plan"])})
    except (OSError, ValueError, TypeError) as error:
        raise AuditMissing(
            f"The audit “{name}” cannot be read ({error}). Restore its file from a copy of the project, or delete it."
        ) from error
